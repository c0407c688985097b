using System.Diagnostics;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>The swarm store for many threads and the real clock: whatever touches the store or the counts holds the one lock.</summary>
internal sealed class SharedSwarms(SwarmStore store)
{
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _announces;
    private long _scrapes;
    private long _refused;

    public TrackerStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new TrackerStatistics
                {
                    Torrents = store.Torrents,
                    Peers = store.Peers,
                    Announces = _announces,
                    Scrapes = _scrapes,
                    Refused = _refused,
                };
            }
        }
    }

    private Timestamp Now => new(Stopwatch.GetElapsedTime(_began).Ticks);

    public SwarmReply Announce(in SwarmRequest request)
    {
        lock (_lock)
        {
            SwarmReply reply = store.Announce(request, Now);
            _announces++;
            _refused += reply.FailureReason is null ? 0 : 1;
            return reply;
        }
    }

    /// <summary>The numbers of those that are known, in the order asked.</summary>
    public List<(InfoHash InfoHash, SwarmCounts Counts)> Scrape(List<InfoHash> infoHashes)
    {
        List<(InfoHash InfoHash, SwarmCounts Counts)> known = [];
        lock (_lock)
        {
            Timestamp now = Now;
            foreach (InfoHash infoHash in infoHashes)
            {
                if (store.TryScrape(infoHash, now, out SwarmCounts counts))
                    known.Add((infoHash, counts));
            }

            _scrapes++;
        }

        return known;
    }

    public void CountRefused()
    {
        lock (_lock)
            _refused++;
    }

    public void Sweep()
    {
        lock (_lock)
            store.Sweep(Now);
    }
}
