namespace Freshet.Disk.Files;

/// <summary>A file of a torrent's storage.</summary>
internal readonly record struct FileKey(IFileOpener Owner, int FileIndex);
