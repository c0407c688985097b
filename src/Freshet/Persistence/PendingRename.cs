namespace Freshet.Persistence;

/// <summary>A file that is about to be renamed, and may have its new name already: the process may end in between.</summary>
/// <param name="File">Its index in the torrent.</param>
/// <param name="Path">Its new path below the folder of the torrent's files.</param>
internal sealed record PendingRename(int File, string Path);
