namespace Freshet.Core.Torrents;

/// <summary>The bounds on reading a torrent's files while they are downloaded.</summary>
internal static class StreamLimits
{
    /// <summary>Readers of one torrent at once.</summary>
    public const int MaxReaders = 64;

    /// <summary>Bytes ahead of a reader that are asked for before all else, at least.</summary>
    public const long MinWindow = 4 * 1024 * 1024;

    /// <summary>Bytes ahead of a reader that are asked for before all else, at most.</summary>
    public const long MaxWindow = 64 * 1024 * 1024;
}
