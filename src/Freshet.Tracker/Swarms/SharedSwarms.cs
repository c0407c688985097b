using System.Diagnostics;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>The swarm store for many threads and the real clock: one lock guards the store and the counts.</summary>
internal sealed class SharedSwarms(SwarmStore store)
{
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _announces;
    private long _udpAnnounces;
    private long _scrapes;
    private long _udpScrapes;
    private long _udpConnects;
    private long _udpDropped;
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
                    Seeds = store.Totals.Seeds,
                    PeersV6 = store.Totals.PeersV6,
                    Downloaded = store.Totals.Downloaded,
                    Announces = _announces,
                    UdpAnnounces = _udpAnnounces,
                    Scrapes = _scrapes,
                    UdpScrapes = _udpScrapes,
                    Refused = _refused,
                    UdpConnects = _udpConnects,
                    UdpDropped = _udpDropped,
                    Uptime = Stopwatch.GetElapsedTime(_began),
                };
            }
        }
    }

    public Timestamp Now => new(Stopwatch.GetElapsedTime(_began).Ticks);

    public SwarmReply Announce(in SwarmRequest request, bool isUdp = false)
    {
        lock (_lock)
        {
            SwarmReply reply = store.Announce(request, Now);
            _announces++;
            _udpAnnounces += isUdp ? 1 : 0;
            _refused += reply.FailureReason is null ? 0 : 1;
            return reply;
        }
    }

    /// <summary>The counts of the known swarms, in the order requested.</summary>
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

    /// <summary>The counts for packed info-hashes, in order; zeros for an unknown one.</summary>
    public void Scrape(ReadOnlySpan<byte> infoHashes, Span<SwarmCounts> counts)
    {
        lock (_lock)
        {
            Timestamp now = Now;
            for (int i = 0; i < counts.Length; i++)
                store.TryScrape(new InfoHash(infoHashes[(i * InfoHash.Length)..]), now, out counts[i]);
            _scrapes++;
            _udpScrapes++;
        }
    }

    public void CountConnect() => Interlocked.Increment(ref _udpConnects);

    public void CountDropped() => Interlocked.Increment(ref _udpDropped);

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
