namespace Freshet.Core.WebSeeds;

/// <summary>The bounds on what web seeds (BEP 19) may take and be asked for.</summary>
internal static class WebSeedLimits
{
    /// <summary>Web seeds of one torrent that are asked at once; the others wait until one of them fails.</summary>
    public const int MaxActive = 10;

    /// <summary>Requests under way at one web seed, each over a connection of its own.</summary>
    public const int MaxFetches = 4;

    /// <summary>Files in a row that a server may turn out not to have before it is left alone for a while.</summary>
    public const int MaxWrongFilesInARow = 3;

    /// <summary>Requests under way in a session, of all torrents.</summary>
    public const int MaxFetchesOfSession = 32;

    /// <summary>Those of one torrent: if its memory or its rate is short, others still have their turns.</summary>
    public const int MaxFetchesOfTorrent = 16;

    /// <summary>A request that has waited so long for memory and rate of ours ends with what it has: others have their turn.</summary>
    public const int MaxOwnWaitSeconds = 10;

    /// <summary>Bytes of one request, so that several connections share the work and little is lost with one.</summary>
    public const int MaxFetchLength = 2 * 1024 * 1024;

    /// <summary>While another request is under way, one for less than this waits: more may come to it.</summary>
    public const int MinFetchLength = 256 * 1024;

    /// <summary>Blocks asked of a web seed of which nothing is known yet: a request should be worth its round trip.</summary>
    public const int FirstRequests = 32;

    /// <summary>Bytes that are read for nothing at most when a server ignores the range and sends the file from its beginning.</summary>
    public const int MaxSkipped = 1024 * 1024;

    /// <summary>Where files have been redirected to is remembered for so many.</summary>
    public const int MaxKnownRedirects = 256;

    /// <summary>How long a server may be silent in the middle of an answer.</summary>
    public const int SilenceSeconds = 20;

    /// <summary>How long a server may ask to be left alone; more is cut to this.</summary>
    public const int MaxRetryAfterSeconds = 60 * 60;
}
