namespace Freshet.Daemon;

/// <summary>Every bound of the daemon, named.</summary>
internal static class Bounds
{
    /// <summary>The largest body of a request, in bytes, if no .torrent may be in it.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>The largest body of a request that may have a .torrent in it, and of one that names many torrents.</summary>
    public const int MaxLargeBody = 32 * 1024 * 1024;

    /// <summary>Requests at once whose body is larger than <see cref="MaxBody"/>; others wait.</summary>
    public const int MaxLargeRequests = 4;

    /// <summary>Connections at once.</summary>
    public const int MaxConnections = 1_000;

    /// <summary>Requests at once, apart from event streams and the content of files.</summary>
    public const int MaxRequests = 256;

    /// <summary>Clients of the event stream at once.</summary>
    public const int MaxEventClients = 100;

    /// <summary>Files that are read at once.</summary>
    public const int MaxContentStreams = 64;

    /// <summary>Events that are kept for clients that come back.</summary>
    public const int MaxKeptEvents = 2_000;

    /// <summary>Bytes of those.</summary>
    public const int MaxKeptEventBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of events that are written for a client before it has taken them; one more event may come on top.</summary>
    public const int MaxUnsentEventBytes = 64 * 1024;

    /// <summary>Torrents in one event.</summary>
    public const int MaxTorrentsInEvent = 500;

    /// <summary>Entries of the log that are sent as events in one tick.</summary>
    public const int MaxLogEventsInTick = 50;

    /// <summary>Entries of the log that are kept.</summary>
    public const int MaxLogEntries = 10_000;

    /// <summary>Sessions of browsers.</summary>
    public const int MaxCookies = 1_000;

    /// <summary>Failed logins a minute, from one address (of IPv6: from one /64).</summary>
    public const int MaxFailuresOfAddress = 5;

    /// <summary>Failed logins a minute, from everywhere.</summary>
    public const int MaxFailures = 100;

    /// <summary>Labels of a torrent.</summary>
    public const int MaxLabels = 32;

    /// <summary>Characters of a label or a category.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>Torrents in one bulk request, and in one page of the list.</summary>
    public const int MaxPage = 10_000;

    /// <summary>Torrents that a bulk request works on at once.</summary>
    public const int MaxBulkParallel = 16;

    /// <summary>Peers in one request.</summary>
    public const int MaxPeersInRequest = 1_000;

    /// <summary>Names in the listing of a folder.</summary>
    public const int MaxFolderNames = 1_000;

    /// <summary>Programs that run at once because torrents are complete; others wait.</summary>
    public const int MaxPrograms = 4;

    /// <summary>How many torrents may wait for their program.</summary>
    public const int MaxWaitingPrograms = 10_000;

    /// <summary>Files of a watch folder that are looked at; others wait until those are gone.</summary>
    public const int MaxWatchedFiles = 1_000;

    /// <summary>Torrents that are made of files at once; others wait.</summary>
    public const int MaxRunningCreations = 2;

    /// <summary>Torrents that are being made, and those that were and are kept.</summary>
    public const int MaxCreations = 100;

    /// <summary>How often the lock of a running daemon is tried to be taken, each <see cref="LockInterval"/>.</summary>
    public const int MaxLockAttempts = 100;

    /// <summary>Entries of the weekly schedule of limits.</summary>
    public const int MaxSchedule = 50;

    /// <summary>How long a client of the event stream may take none of it.</summary>
    public static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a request with a large body waits for its turn.</summary>
    public static readonly TimeSpan LargeBodyPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for a start, a stop or a removal before it goes on in the background.</summary>
    public static readonly TimeSpan ActionPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer with a file's content waits for a piece.</summary>
    public static readonly TimeSpan PiecePatience = TimeSpan.FromSeconds(60);

    /// <summary>How long a browser's session lasts without being used.</summary>
    public static readonly TimeSpan CookieLife = TimeSpan.FromDays(30);

    /// <summary>The time between two attempts to take the lock of a running daemon.</summary>
    public static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long after its last tick the daemon counts as healthy.</summary>
    public static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long a program that was run at completion may take.</summary>
    public static readonly TimeSpan ProgramPatience = TimeSpan.FromHours(1);
}
