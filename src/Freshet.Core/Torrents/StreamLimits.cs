namespace Freshet.Core.Torrents;

/// <summary>Bounds on reading a torrent's files while they download.</summary>
internal static class StreamLimits
{
    /// <summary>The most readers of one torrent at once.</summary>
    public const int MaxReaders = 64;

    /// <summary>A reader that has rested this long gives its place to another that needs one.</summary>
    public static readonly TimeSpan ReaderRest = TimeSpan.FromSeconds(5);

    /// <summary>The least number of bytes ahead of a reader that are requested before all else.</summary>
    public const long MinWindow = 4 * 1024 * 1024;

    /// <summary>The largest number of bytes ahead of a reader that are requested before all else.</summary>
    public const long MaxWindow = 64 * 1024 * 1024;
}
