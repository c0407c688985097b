using Freshet.Core.Bencoding;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// What a session records about itself: its total running time. If it is lost, some torrents lose a part of their recorded times.
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

    /// <summary>Reads a file or its previous copy; zero if both are invalid.</summary>
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
