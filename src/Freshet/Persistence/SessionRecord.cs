using Freshet.Core.Bencoding;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// What a session remembers of itself: how long it has run, all runs together. Lost, it costs some torrents some of their times.
/// </summary>
internal static class SessionRecord
{
    private const int MaxLength = 64 * 1024;

    public static byte[] Write(TimeSpan clock)
    {
        RecordEntries entries = new();
        entries.Add("clock"u8, (long)clock.TotalSeconds);
        return SealedFile.Seal(entries.ToArray());
    }

    /// <summary>Reads a file, or the copy before it; nothing of what makes no sense.</summary>
    public static TimeSpan Load(IFileSystem system, FilePath path)
    {
        AtomicFile file = new(system, path);
        foreach (FilePath copy in (ReadOnlySpan<FilePath>)[file.Path, file.Previous])
        {
            if (BoundedFile.TryRead(system, copy, MaxLength, out byte[]? bytes, out _)
                && SealedFile.TryOpen(bytes, out BencodeValue root, out _)
                && root["clock"u8].TryGetInteger(out long seconds) && seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2)
                return TimeSpan.FromSeconds(seconds);
        }

        return default;
    }
}
