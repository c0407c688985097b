namespace Freshet.Core.Trackers;

/// <summary>Bounds on scrapes of a session's resting torrents, and the times between them.</summary>
internal static class ScrapeLimits
{
    /// <summary>
    /// Swarms in one scrape of an HTTP tracker: about 3 KB of URL, since some servers accept no more than 4 KB. UDP trackers are asked for
    /// <see cref="TrackerLimits.MaxUdpScrapedSwarms"/>.
    /// </summary>
    public const int MaxHttpSwarms = 50;

    /// <summary>Scrapes in progress, so that announces find room in the queue that they share.</summary>
    public const int MaxUnderWay = 8;

    /// <summary>Refusals of single swarms in a row after which a host is taken for one that answers no scrapes.</summary>
    public const int MaxRefusals = 3;

    /// <summary>Times between two scrapes of one host: 10,000 torrents of a UDP tracker take five minutes.</summary>
    public static TimeSpan Pause => TimeSpan.FromSeconds(2);

    /// <summary>The time between scrapes of a torrent, unless its tracker asks for more.</summary>
    public static TimeSpan Interval => TimeSpan.FromMinutes(30);

    /// <summary>The most that a tracker can ask for.</summary>
    public static TimeSpan MaxInterval => TimeSpan.FromHours(6);

    /// <summary>A torrent is asked for together with others of its tracker when this much of its interval is over.</summary>
    public static TimeSpan Early => Interval * 2 / 3;

    /// <summary>How long a torrent rests before its first scrape, so that those stopped together are scraped together.</summary>
    public static TimeSpan First => TimeSpan.FromSeconds(10);

    /// <summary>How long it takes until a torrent's next tracker is asked, when one had no answer.</summary>
    public static TimeSpan Next => TimeSpan.FromMinutes(1);

    /// <summary>How long a host that answers no scrapes is left alone.</summary>
    public static TimeSpan Refused => TimeSpan.FromDays(1);
}
