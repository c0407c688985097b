using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A torrent that announces to nobody, because it is stopped or queued, so that only scrapes say how many peers its swarms have. It is
/// scraped at one tracker at a time, the first that answers.
/// </summary>
internal sealed class RestingTorrent(InfoHash key, ImmutableArray<InfoHash> swarms)
{
    private IReadOnlyList<TrackerStatus> _statuses = [];
    private ImmutableArray<string> _trackers = [];
    private int _current;
    private string? _host;

    /// <summary>The torrent's key in its session.</summary>
    public InfoHash Key { get; } = key;

    public ImmutableArray<InfoHash> Swarms { get; } = swarms;

    /// <summary>The tracker to scrape; null if none of the torrent's trackers takes scrapes.</summary>
    public string? Tracker => _trackers.IsEmpty ? null : _trackers[_current];

    /// <summary>What works or fails together with that tracker: its host and port. Null if there is no tracker.</summary>
    public string? Host => _host ??= Tracker is { } tracker ? HostOf(new Uri(tracker.Trim())) : null;

    /// <summary>When it is to be scraped.</summary>
    public Timestamp Due { get; set; }

    /// <summary>When it may be scraped if its tracker is asked about others anyway.</summary>
    public Timestamp EarlyFrom { get; set; }

    /// <summary>Whether it waits for its host, or is in a batch.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The round in which it last rested.</summary>
    public int Round { get; set; }

    /// <summary>Takes over the torrent's trackers, in the order in which they are tried.</summary>
    public void TakeOver(IReadOnlyList<TrackerStatus> statuses)
    {
        if (ReferenceEquals(statuses, _statuses))
            return;
        _statuses = statuses;
        ImmutableArray<string> trackers = [.. statuses.Where(TakesScrapes).Select(static status => status.Url)];
        if (trackers.SequenceEqual(_trackers, StringComparer.Ordinal))
            return;
        _trackers = trackers;
        _current = 0;
        _host = null;
    }

    /// <summary>How long ago the youngest counts were given; null if there are none.</summary>
    public TimeSpan? Age()
    {
        TimeSpan? youngest = null;
        foreach (TrackerStatus status in _statuses)
        {
            TimeSpan? age = status.LastScrape < status.LastAnnounce ? status.LastScrape : status.LastAnnounce ?? status.LastScrape;
            if (status.Seeders is not null && age is not null && !(age >= youngest))
                youngest = age;
        }

        return youngest;
    }

    /// <summary>Turns to the next tracker; false if that is the first again.</summary>
    public bool TryTurn()
    {
        _current = _trackers.IsEmpty ? 0 : (_current + 1) % _trackers.Length;
        _host = null;
        return _current > 0;
    }

    /// <summary>The torrent's counts in a response; null if there are none. Both swarms of a hybrid usually have the same peers.</summary>
    public ScrapedSwarm? CountsIn(ScrapeResponse response)
    {
        ScrapedSwarm? counts = null;
        foreach (InfoHash swarm in Swarms)
        {
            if (response.Swarms.TryGetValue(swarm, out ScrapedSwarm found))
                counts = counts is { } other ? Most(other, found) : found;
        }

        return counts;
    }

    private static string HostOf(Uri uri) => $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}";

    // A tracker that wants no more announces (BEP 31) gets no scrapes either.
    private static bool TakesScrapes(TrackerStatus status) =>
        status.State is not (TrackerState.GivenUp or TrackerState.Unsupported)
        && (IsUdp(status.Url) || HttpTrackerUrl.TryForScrape(status.Url, [], out _));

    private static bool IsUdp(string tracker) =>
        tracker.TrimStart().StartsWith(UdpTrackerUrl.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    private static ScrapedSwarm Most(ScrapedSwarm one, ScrapedSwarm other) => new(
        Most(one.Seeders, other.Seeders), Most(one.Leechers, other.Leechers),
        Most(one.Downloaded, other.Downloaded), Most(one.Downloaders, other.Downloaders));

    private static int? Most(int? one, int? other) => one > other ? one : other ?? one;
}
