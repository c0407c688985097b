namespace Freshet.Disk;

/// <summary>A file of a torrent's storage.</summary>
internal readonly record struct FileKey(IFileOpener Owner, int FileIndex);
