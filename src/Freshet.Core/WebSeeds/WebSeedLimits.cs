namespace Freshet.Core.WebSeeds;

/// <summary>Bounds on web seeds (BEP 19).</summary>
internal static class WebSeedLimits
{
    /// <summary>Web seeds of one torrent in use at once; the others wait until one of them fails.</summary>
    public const int MaxActive = 10;

    /// <summary>Requests in progress to one web seed, each over its own connection.</summary>
    public const int MaxFetches = 4;

    /// <summary>Consecutive files that a server may turn out not to have before it must rest.</summary>
    public const int MaxWrongFilesInARow = 3;

    /// <summary>A file that a server does not have, or not as the torrent describes it, is asked for again this much later.</summary>
    public const int LackingFileMinutes = 60;

    /// <summary>Requests in progress in a session, over all torrents.</summary>
    public const int MaxFetchesOfSession = 32;

    /// <summary>Requests in progress of one torrent: if its memory or rate is short, others still get their turn.</summary>
    public const int MaxFetchesOfTorrent = 16;

    /// <summary>
    /// A request that has waited this long for our own memory or rate limit ends with what it has received: others get their turn.
    /// </summary>
    public const int MaxOwnWaitSeconds = 10;

    /// <summary>Bytes of one request, so that several connections share the work and little is lost when one fails.</summary>
    public const int MaxFetchLength = 2 * 1024 * 1024;

    /// <summary>While another request is in progress, a request shorter than this waits: more blocks may join it.</summary>
    public const int MinFetchLength = 256 * 1024;

    /// <summary>Blocks requested from a web seed whose rate is unknown: a request should be worth its round trip.</summary>
    public const int FirstRequests = 32;

    /// <summary>Bytes that are read and discarded at most when a server ignores the range and sends the file from its beginning.</summary>
    public const int MaxSkipped = 1024 * 1024;

    /// <summary>
    /// The same where it is known to ignore ranges, at the beginning of an answer that serves many requests. Further into a file it is not
    /// asked.
    /// </summary>
    public const int MaxSkippedInOrder = 64 * 1024 * 1024;

    /// <summary>Files whose redirect target is remembered.</summary>
    public const int MaxKnownRedirects = 256;

    /// <summary>How long a server may be silent in the middle of a response.</summary>
    public const int SilenceSeconds = 20;

    /// <summary>The longest delay that a server may ask for; longer ones are cut to this.</summary>
    public const int MaxRetryAfterSeconds = 60 * 60;
}
