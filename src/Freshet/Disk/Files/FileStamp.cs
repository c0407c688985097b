using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>What a file looks like from outside; if it is as it was, what was verified is trusted.</summary>
/// <param name="Exists">Whether it is there, as a file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastWriteUtc">When it was last written.</param>
internal readonly record struct FileStamp(bool Exists, long Length, DateTime LastWriteUtc)
{
    public static FileStamp Of(FileEntry entry) => entry.IsFile ? new FileStamp(true, entry.Length, entry.LastWriteUtc) : default;
}
