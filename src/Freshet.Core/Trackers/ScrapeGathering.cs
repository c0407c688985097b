using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Decides when which trackers are scraped (BEP 15, 48) for the torrents of a session that are at rest, and gathers those of one tracker in
/// one request. A host gets one scrape at a time, with a pause between them. A torrent whose tracker fails, refuses, or does not know its
/// swarm turns to its next tracker.
/// <para>
/// It is used in rounds: <see cref="Rest"/> for each torrent that rests, then <see cref="EndRound"/>. Each batch of <see cref="Take"/> ends
/// with exactly one of the methods below it.
/// </para>
/// </summary>
internal sealed class ScrapeGathering(Random random)
{
    private readonly Dictionary<InfoHash, RestingTorrent> _torrents = [];
    private readonly Dictionary<string, ScrapeHost> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<ScrapeHost> _asked = [];
    private int _round;
    private int _underWay;

    /// <summary>The number of torrents at rest.</summary>
    public int Count => _torrents.Count;

    /// <summary>A torrent rests in this round.</summary>
    /// <param name="key">The torrent's key.</param>
    /// <param name="swarms">The torrent's swarms.</param>
    /// <param name="trackers">Its trackers, in the order in which they are tried.</param>
    /// <param name="now">The current time.</param>
    public void Rest(InfoHash key, ImmutableArray<InfoHash> swarms, IReadOnlyList<TrackerStatus> trackers, Timestamp now)
    {
        if (!_torrents.TryGetValue(key, out RestingTorrent? torrent) || torrent.Swarms.Length != swarms.Length)
        {
            torrent = new RestingTorrent(key, swarms);
            _torrents[key] = torrent;
            torrent.TakeOver(trackers);

            // What it has just heard from an announce is as good as a scrape.
            TimeSpan left = torrent.Age() is { } age ? ScrapeLimits.Interval - age : default;
            Wait(torrent, left > ScrapeLimits.First ? left : ScrapeLimits.First, now);
        }

        torrent.TakeOver(trackers);
        torrent.Round = _round;
    }

    /// <summary>All torrents that rest have been named; those that are due wait for their hosts from now on.</summary>
    public void EndRound(Timestamp now)
    {
        foreach (RestingTorrent torrent in _torrents.Values)
        {
            if (torrent.Round != _round)
                _torrents.Remove(torrent.Key);
        }

        _asked.Clear();
        foreach (RestingTorrent torrent in _torrents.Values)
        {
            if (torrent.Due <= now && Ask(torrent, now) is { } host)
                _asked.Add(host);
        }

        foreach (RestingTorrent torrent in _torrents.Values)
        {
            if (_asked.Count > 0 && torrent.EarlyFrom <= now && torrent.Host is { } name && _asked.Contains(FindOrAdd(name)))
                Ask(torrent, now);
        }

        _round++;
    }

    /// <summary>Adds the scrapes to make now.</summary>
    public void Take(Timestamp now, List<ScrapeBatch> due)
    {
        foreach (ScrapeHost host in _hosts.Values)
        {
            if (_underWay >= ScrapeLimits.MaxUnderWay)
                return;
            if (host.IsUnderWay || host.OpenFrom > now)
                continue;
            host.Waiting.RemoveAll(torrent => !IsFor(torrent, host));
            if (host.Waiting.Count == 0)
                continue;
            due.Add(TakeFrom(host));
            host.Begin();
            _underWay++;
        }
    }

    /// <summary>The tracker gave counts, though perhaps not for all.</summary>
    public void OnAnswered(ScrapeBatch batch, ScrapeResponse response, Timestamp now)
    {
        _underWay--;
        int answered = batch.Torrents.Count(torrent => torrent.CountsIn(response) is not null);
        bool mayBePartial = batch.Host.Answer(batch.Torrents.Count, answered, now);
        TimeSpan interval = response.MinInterval is not { } least || least < ScrapeLimits.Interval ? ScrapeLimits.Interval
            : least < ScrapeLimits.MaxInterval ? least
            : ScrapeLimits.MaxInterval;
        List<RestingTorrent> again = [];
        foreach (RestingTorrent torrent in batch.Torrents)
        {
            if (torrent.CountsIn(response) is not null)
            {
                Wait(torrent, interval, now);
                if (response.MinInterval > ScrapeLimits.Early)
                    torrent.EarlyFrom = torrent.Due;
            }
            else if (mayBePartial)
            {
                again.Add(torrent);
            }
            else
            {
                Turn(torrent, now);
            }
        }

        batch.Host.Waiting.InsertRange(0, again);
    }

    /// <summary>The tracker refused, or its answer was invalid.</summary>
    public void OnRefused(ScrapeBatch batch, Timestamp now)
    {
        _underWay--;
        if (batch.Host.Refuse(batch.Torrents.Count, now))
            batch.Host.Waiting.InsertRange(0, batch.Torrents);
        else
            TurnAll(batch, now);
    }

    /// <summary>The tracker could not be reached.</summary>
    public void OnUnreachable(ScrapeBatch batch, Timestamp now)
    {
        _underWay--;
        batch.Host.Fail(now, random);
        TurnAll(batch, now);
    }

    /// <summary>The scrape was not made, for a reason on our side.</summary>
    public void OnPutOff(ScrapeBatch batch, Timestamp now)
    {
        _underWay--;
        batch.Host.PutOff(now);
        foreach (RestingTorrent torrent in batch.Torrents)
            Wait(torrent, ScrapeLimits.Next, now);
    }

    private static ScrapeBatch TakeFrom(ScrapeHost host)
    {
        string tracker = host.Waiting[0].Tracker!;
        List<RestingTorrent> taken = [];
        HashSet<InfoHash> swarms = [];
        foreach (RestingTorrent torrent in host.Waiting)
        {
            if (torrent.Tracker != tracker)
                continue;
            if (taken.Count > 0 && swarms.Count + torrent.Swarms.Length > host.Most)
                break;
            taken.Add(torrent);
            swarms.UnionWith(torrent.Swarms);
        }

        HashSet<RestingTorrent> gone = [.. taken];
        host.Waiting.RemoveAll(gone.Contains);
        return new ScrapeBatch(tracker, host, taken, swarms);
    }

    // Returns the host that it waits for; null if it waits for none.
    private ScrapeHost? Ask(RestingTorrent torrent, Timestamp now)
    {
        if (torrent.IsAsked || torrent.Host is not { } name)
            return null;
        ScrapeHost host = FindOrAdd(name);
        if (host.IsShut(now))
        {
            Turn(torrent, now);
            return null;
        }

        torrent.IsAsked = true;
        host.Waiting.Add(torrent);
        return host;
    }

    private static void TurnAll(ScrapeBatch batch, Timestamp now)
    {
        foreach (RestingTorrent torrent in batch.Torrents)
            Turn(torrent, now);
        if (!batch.Host.IsShut(now))
            return;
        foreach (RestingTorrent torrent in batch.Host.Waiting)
            Turn(torrent, now);
        batch.Host.Waiting.Clear();
    }

    private static void Turn(RestingTorrent torrent, Timestamp now) =>
        Wait(torrent, torrent.TryTurn() ? ScrapeLimits.Next : ScrapeLimits.Interval, now);

    private static void Wait(RestingTorrent torrent, TimeSpan time, Timestamp now)
    {
        torrent.IsAsked = false;
        torrent.Due = now + time;
        torrent.EarlyFrom = now + (time < ScrapeLimits.Early ? time : ScrapeLimits.Early);
    }

    // A torrent that left, or has other trackers, no longer waits.
    private bool IsFor(RestingTorrent torrent, ScrapeHost host)
    {
        if (_torrents.GetValueOrDefault(torrent.Key) != torrent)
            return false;
        torrent.IsAsked = torrent.Host == host.Name;
        return torrent.IsAsked;
    }

    private ScrapeHost FindOrAdd(string name)
    {
        if (_hosts.TryGetValue(name, out ScrapeHost? host))
            return host;
        if (_hosts.Count >= TrackerLimits.MaxRememberedHosts)
            ForgetIdleHosts();
        return _hosts[name] = new ScrapeHost(name);
    }

    private void ForgetIdleHosts()
    {
        foreach ((string name, ScrapeHost host) in _hosts)
        {
            if (host is { IsUnderWay: false, Waiting.Count: 0 })
                _hosts.Remove(name);
        }
    }
}
