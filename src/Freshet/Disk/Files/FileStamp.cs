using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>A file's externally visible state; if it is unchanged, what was verified is trusted.</summary>
/// <param name="Exists">Whether it exists as a file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="LastWriteUtc">When it was last written.</param>
internal readonly record struct FileStamp(bool Exists, long Length, DateTime LastWriteUtc)
{
    public static FileStamp Of(FileEntry entry) => entry.IsFile ? new FileStamp(true, entry.Length, entry.LastWriteUtc) : default;
}
