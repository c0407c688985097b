namespace Freshet.FileSystem;

/// <summary>The entry at a path itself: links are not followed.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Length">The length of a file in bytes.</param>
/// <param name="LastWriteUtc">When it was last written.</param>
/// <param name="Id">The file's identity: the same for all its names and different for other files; null if the system does not say.</param>
internal readonly record struct FileEntry(FileKind Kind, long Length, DateTime LastWriteUtc, (ulong Device, ulong Number)? Id = null)
{
    /// <summary>How many names a file has (hard links); null if the system does not say.</summary>
    public long? Names { get; init; }

    /// <summary>The number of the user it belongs to; null if the system does not say.</summary>
    public uint? Owner { get; init; }

    public bool IsFile => Kind == FileKind.File;

    public bool Exists => Kind != FileKind.None;
}
