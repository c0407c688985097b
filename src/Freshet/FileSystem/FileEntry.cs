namespace Freshet.FileSystem;

/// <summary>What lies at a path, itself: links are not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a file.</param>
/// <param name="LastWriteUtc">When it was last written.</param>
/// <param name="Id">What is the same for every name of one file and differs for others; null where the system does not say.</param>
internal readonly record struct FileEntry(FileKind Kind, long Length, DateTime LastWriteUtc, (ulong Device, ulong Number)? Id = null)
{
    public bool IsFile => Kind == FileKind.File;

    public bool Exists => Kind != FileKind.None;
}
