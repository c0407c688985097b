namespace Freshet.Core.Trackers;

/// <summary>What bounds the talk with trackers.</summary>
internal static class TrackerLimits
{
    /// <summary>Bytes of a tracker's answer to an announce or a scrape.</summary>
    public const int MaxResponseLength = 2 * 1024 * 1024;

    /// <summary>Kilobytes of the headers before a tracker's answer.</summary>
    public const int MaxHeaderKilobytes = 16;

    /// <summary>Redirects followed on the way to an answer over HTTP.</summary>
    public const int MaxRedirects = 5;

    /// <summary>Announces and scrapes under way at once, in a whole session.</summary>
    public const int MaxRequests = 64;

    /// <summary>Of those, to hosts that have not answered yet, so that dead ones leave room for the others.</summary>
    public const int MaxUnprovenRequests = MaxRequests / 2;

    /// <summary>Announces under way at once to one host that answers; one that does not is asked one at a time.</summary>
    public const int MaxRequestsPerHost = 8;

    /// <summary>
    /// Announces a second to one host, and how many may come in a burst: 10,000 torrents of one tracker take eight minutes to start.
    /// </summary>
    public const int HostAnnouncesPerSecond = 20;

    /// <summary>Announces that wait for their turn in a session, about 300 bytes each.</summary>
    public const int MaxQueuedAnnounces = 200_000;

    /// <summary>How long an announce waits for its turn before it is put off.</summary>
    public static TimeSpan MaxAnnounceWait => TimeSpan.FromMinutes(15);

    /// <summary>Tracker hosts of which it is remembered whether they answer.</summary>
    public const int MaxRememberedHosts = 2_000;

    /// <summary>Values in a tracker's answer; a peer in the long form takes eight.</summary>
    public const int MaxResponseTokens = 200_000;

    /// <summary>Peers taken from one announce.</summary>
    public const int MaxPeersPerAnnounce = 2_000;

    /// <summary>Announces and scrapes to UDP trackers that are not answered.</summary>
    public const int MaxUdpQueries = 4_096;

    /// <summary>Of those, datagrams under way to one address.</summary>
    public const int MaxUdpInFlight = 64;

    /// <summary>Bytes of a UDP tracker's URL behind its port, which it may be told (BEP 41).</summary>
    public const int MaxUdpUrlLength = 1_024;

    /// <summary>Swarms in one scrape of a UDP tracker; BEP 15 says about 74, for the sake of small datagrams.</summary>
    public const int MaxUdpScrapedSwarms = 70;

    /// <summary>
    /// How long one announce or scrape waits for a UDP tracker: BEP 15's first two waits. Those that come later wait with the tracker's
    /// back-off, which goes on.
    /// </summary>
    public static TimeSpan UdpPatience => TimeSpan.FromSeconds(15 + 30);

    /// <summary>Characters of a tracker's words that are kept.</summary>
    public const int MaxMessageLength = 1_024;

    /// <summary>Bytes of the id that a tracker wants to hear again.</summary>
    public const int MaxTrackerIdLength = 1_024;
}
