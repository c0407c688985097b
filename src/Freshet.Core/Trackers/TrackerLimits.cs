namespace Freshet.Core.Trackers;

/// <summary>Bounds on communication with trackers.</summary>
internal static class TrackerLimits
{
    /// <summary>Bytes of a response to an announce or a scrape.</summary>
    public const int MaxResponseLength = 2 * 1024 * 1024;

    /// <summary>Kilobytes of the headers of a response.</summary>
    public const int MaxHeaderKilobytes = 16;

    /// <summary>Redirects followed for one HTTP request.</summary>
    public const int MaxRedirects = 5;

    /// <summary>Announces and scrapes in progress in a whole session, without <see cref="MaxFarewells"/>.</summary>
    public const int MaxRequests = 128;

    /// <summary>How many of those may go to hosts that have not answered yet, so that dead hosts leave room for others.</summary>
    public const int MaxUnprovenRequests = 32;

    /// <summary>Announces in progress to one host that answers; a host that does not gets one at a time.</summary>
    public const int MaxRequestsPerHost = 8;

    /// <summary>
    /// The same for a host that answers too slowly for that to be the wanted pace: enough for answers that take two seconds.
    /// </summary>
    public const int MaxRequestsPerSlowHost = 48;

    /// <summary>Stopped events in progress in a whole session, to hosts that answer. They are made when nothing else is.</summary>
    public const int MaxFarewells = 512;

    /// <summary>Stopped events in progress to one host over HTTP, each of which takes a connection.</summary>
    public const int MaxHttpFarewells = 32;

    /// <summary>The same over UDP, where each is a datagram.</summary>
    public const int MaxUdpFarewells = 256;

    /// <summary>
    /// Announces per second to one tracker, over all families, and the size of a burst: 10,000 torrents of one tracker take eight minutes
    /// to start, and seventeen if it is announced to over both families.
    /// </summary>
    public const int HostAnnouncesPerSecond = 20;

    /// <summary>Announces queued in a session, about 300 bytes each.</summary>
    public const int MaxQueuedAnnounces = 200_000;

    /// <summary>How long an announce waits in the queue before it is put off.</summary>
    public static TimeSpan MaxAnnounceWait => TimeSpan.FromMinutes(20);

    /// <summary>Tracker hosts for which it is remembered whether they answer, and for which what they say in DNS.</summary>
    public const int MaxRememberedHosts = 2_000;

    /// <summary>Bencoding tokens in a response; a peer in the non-compact form takes eight.</summary>
    public const int MaxResponseTokens = 200_000;

    /// <summary>Peers accepted from one announce.</summary>
    public const int MaxPeersPerAnnounce = 2_000;

    /// <summary>Unanswered announces and scrapes to UDP trackers.</summary>
    public const int MaxUdpQueries = 4_096;

    /// <summary>Unanswered datagrams to one address.</summary>
    public const int MaxUdpInFlight = MaxUdpFarewells;

    /// <summary>Bytes of a UDP tracker's URL after its port, which may be sent to it (BEP 41).</summary>
    public const int MaxUdpUrlLength = 1_024;

    /// <summary>
    /// Swarms in one scrape of a UDP tracker. BEP 15 allows about 74; with 70 the datagram is not fragmented on any common path, such as
    /// IPv6 over PPPoE.
    /// </summary>
    public const int MaxUdpScrapedSwarms = 70;

    /// <summary>
    /// How long one announce or scrape waits for a UDP tracker: the first two time-outs of BEP 15. Later ones wait according to the
    /// tracker's back-off, which continues.
    /// </summary>
    public static TimeSpan UdpPatience => TimeSpan.FromSeconds(15 + 30);

    /// <summary>Characters of a tracker's message that are kept.</summary>
    public const int MaxMessageLength = 1_024;

    /// <summary>Bytes of a tracker id.</summary>
    public const int MaxTrackerIdLength = 1_024;

    /// <summary>
    /// Places that a host may name for its trackers (BEP 34), each of which is asked only if those before it cannot be reached.
    /// </summary>
    public const int MaxPreferredPlaces = 3;

    /// <summary>
    /// Trackers of one host, each over one family, for which it is remembered which of the host's places answered last.
    /// </summary>
    public const int MaxRememberedPlaces = 16;

    /// <summary>How long what a host says of its trackers counts, or that it says nothing.</summary>
    public static TimeSpan PreferencesLifetime => TimeSpan.FromHours(1);

    /// <summary>How long a host is not asked again that could not be looked up.</summary>
    public static TimeSpan PreferencesRetry => TimeSpan.FromMinutes(10);
}
