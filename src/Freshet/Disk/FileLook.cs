using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>What a file looks like from outside; if it is as it was, what was verified is trusted.</summary>
/// <param name="Exists">Whether it is there, as a file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastWriteUtc">When it was last written.</param>
internal readonly record struct FileLook(bool Exists, long Length, DateTime LastWriteUtc)
{
    public static FileLook Of(FileEntry entry) => entry.IsFile ? new FileLook(true, entry.Length, entry.LastWriteUtc) : default;
}
