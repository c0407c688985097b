namespace Freshet.Daemon;

/// <summary>All limits of the daemon.</summary>
internal static class Bounds
{
    /// <summary>The maximum length of a request body in bytes, if it cannot contain a .torrent.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>The maximum length of a request body that may contain a .torrent, or that lists many torrents.</summary>
    public const int MaxLargeBody = 32 * 1024 * 1024;

    /// <summary>Concurrent requests with a body larger than <see cref="MaxBody"/>; others wait.</summary>
    public const int MaxLargeRequests = 4;

    /// <summary>Concurrent connections, of which one network gets only some (<see cref="Security.NetworkPlaces"/>).</summary>
    public const int MaxConnections = 1_000;

    /// <summary>Concurrent requests, apart from event streams and the content of files.</summary>
    public const int MaxRequests = 256;

    /// <summary>
    /// Concurrent logins whose bodies are still to come, which do not count among those: nobody who may not enter keeps others out. One
    /// more than that ends the oldest (<see cref="Security.LoginRoom"/>).
    /// </summary>
    public const int MaxLogins = 32;

    /// <summary>Passwords that wait to be hashed, one at a time (<see cref="Security.PasswordTurns"/>).</summary>
    public const int MaxWaitingPasswords = 32;

    /// <summary>The maximum length of the body of a login in bytes.</summary>
    public const int MaxLoginBody = 4 * 1024;

    /// <summary>Concurrent fetches of .torrent files by URL; others wait.</summary>
    public const int MaxFetches = 4;

    /// <summary>Bytes of a list of torrents written for a client before it has received them; one more torrent may be added.</summary>
    public const int MaxUnsentListBytes = 64 * 1024;

    /// <summary>Concurrent clients of the event stream.</summary>
    public const int MaxEventClients = 100;

    /// <summary>Concurrent downloads of file content.</summary>
    public const int MaxContentStreams = 64;

    /// <summary>Events kept for clients that reconnect.</summary>
    public const int MaxKeptEvents = 2_000;

    /// <summary>Bytes of those events.</summary>
    public const int MaxKeptEventBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of events written for a client before it has received them; one more event may be added.</summary>
    public const int MaxUnsentEventBytes = 64 * 1024;

    /// <summary>Torrents in one event.</summary>
    public const int MaxTorrentsInEvent = 500;

    /// <summary>Log entries sent as events in one tick.</summary>
    public const int MaxLogEventsInTick = 50;

    /// <summary>Log entries of each level that are kept.</summary>
    public const int MaxLogEntries = 10_000;

    /// <summary>Links for players that are valid.</summary>
    public const int MaxTickets = 256;

    /// <summary>Browser sessions.</summary>
    public const int MaxCookies = 1_000;

    /// <summary>Failed logins per minute from one address (one /64 for IPv6).</summary>
    public const int MaxFailuresOfAddress = 5;

    /// <summary>
    /// Wrong passwords per minute from one neighbourhood (a /24 for IPv4, a /48 for IPv6), after which each of its addresses may be wrong
    /// once.
    /// </summary>
    public const int MaxFailuresOfArea = 25;

    /// <summary>Wrong passwords per minute in total, after which each address may be wrong once.</summary>
    public const int MaxFailures = 100;

    /// <summary>Networks whose failed logins are counted.</summary>
    public const int MaxCountedNetworks = 10_000;

    /// <summary>Labels of a torrent.</summary>
    public const int MaxLabels = 32;

    /// <summary>Characters of a label or a category.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>Torrents in one bulk request, and in one page of the list.</summary>
    public const int MaxPage = 10_000;

    /// <summary>Torrents that a bulk request works on concurrently.</summary>
    public const int MaxBulkParallel = 16;

    /// <summary>Bulk requests that are being carried out.</summary>
    public const int MaxBulkRequests = 32;

    /// <summary>Peers in one request.</summary>
    public const int MaxPeersInRequest = 1_000;

    /// <summary>Names in the listing of a folder.</summary>
    public const int MaxFolderNames = 1_000;

    /// <summary>Disks that are remembered while nobody looks at them.</summary>
    public const int MaxIdleDisks = 100;

    /// <summary>Completion programs that run at once; others wait.</summary>
    public const int MaxPrograms = 4;

    /// <summary>Torrents that may wait for their completion program.</summary>
    public const int MaxWaitingPrograms = 10_000;

    /// <summary>Files of a watch folder that are processed; others wait until those are gone.</summary>
    public const int MaxWatchedFiles = 1_000;

    /// <summary>Torrents created at once; others wait.</summary>
    public const int MaxRunningCreations = 2;

    /// <summary>Torrents being created, and finished creations that are kept.</summary>
    public const int MaxCreations = 100;

    /// <summary>Attempts to take the lock of a running daemon, one per <see cref="LockInterval"/>.</summary>
    public const int MaxLockAttempts = 100;

    /// <summary>Entries of the weekly schedule of limits.</summary>
    public const int MaxSchedule = 50;

    /// <summary>
    /// How long a connection without a request is kept: longer than by proxies in front (nginx keeps them for 60 s), which would otherwise
    /// now and then send a request just when it is closed.
    /// </summary>
    public static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(90);

    /// <summary>How long a client of the event stream may read nothing.</summary>
    public static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long the body of a login may take.</summary>
    public static readonly TimeSpan LoginPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a request with a large body, or for a URL, waits for its turn.</summary>
    public static readonly TimeSpan LargeBodyPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for a start, a stop or a removal before that continues in the background.</summary>
    public static readonly TimeSpan ActionPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a start waits for the disks on which it compares folders of the configuration, for all of them together.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long the disk of a watch folder may be silent before that is logged.</summary>
    public static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a download of file content waits for a piece.</summary>
    public static readonly TimeSpan PiecePatience = TimeSpan.FromSeconds(60);

    /// <summary>How long a link for a player is valid: long enough for a film with pauses.</summary>
    public static readonly TimeSpan TicketLife = TimeSpan.FromHours(6);

    /// <summary>How long a browser session lasts without use.</summary>
    public static readonly TimeSpan CookieLife = TimeSpan.FromDays(30);

    /// <summary>The interval between attempts to take the lock of a running daemon.</summary>
    public static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long after its last tick the daemon counts as healthy.</summary>
    public static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long a program that was run at completion may take.</summary>
    public static readonly TimeSpan ProgramPatience = TimeSpan.FromHours(1);
}
