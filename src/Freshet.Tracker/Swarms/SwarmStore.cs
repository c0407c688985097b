using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// All swarms of a tracker, for any transport. It never holds more swarms and peers, or peers of one address, than its options allow, and
/// no empty swarm. Not thread-safe: an announce takes about a microsecond, so one lock around it serves every transport.
/// </summary>
internal sealed class SwarmStore(TrackerOptions options, Random random)
{
    // The number of swarms considered for an eviction, and swept at a time.
    private const int EvictionSample = 8;
    private const int SwarmsPerSweep = 1_024;

    private readonly Dictionary<InfoHash, Swarm> _swarms = new(KeyedHash.Instance);
    private readonly List<Swarm> _order = [];
    private readonly HolderCounts _holders = new();
    private readonly AnnounceRates _rates = new(options.MaxAnnouncesPerSecond);
    private int _sweepPlace;

    public int Torrents => _order.Count;

    public int Peers { get; private set; }

    public SwarmTotals Totals { get; } = new();

    public SwarmReply Announce(in SwarmRequest request, Timestamp now)
    {
        if (WhyNotServed(request.InfoHash) is { } reason)
            return SwarmReply.Refuse(reason);
        if (request.Address.Port == 0)
            return SwarmReply.Refuse("port 0 cannot be connected to");
        if (request.Event == AnnounceEvent.Stopped)
            return Leave(request, now);
        if (!_rates.TryCount(request.Address.Holder, now))
            return SwarmReply.Refuse("too many announces come from your address", retryInMinutes: 1);
        (SwarmPeer Peer, PeerRole Role)? before = TryFind(request.InfoHash, now, out Swarm? known) ? known.Find(request.Address) : null;
        if (before is null && _holders[request.Address.Holder] >= options.MaxPeersPerAddress)
            return SwarmReply.Refuse("your address has too many torrents and peers here already", retryInMinutes: 30);

        Swarm swarm = known ?? Add(request.InfoHash, now);
        PeerRole role = request.Left == 0 ? PeerRole.Seed
            : request.Event == AnnounceEvent.Paused ? PeerRole.PartialSeed
            : PeerRole.Downloader;
        if (request.Event == AnnounceEvent.Completed && role == PeerRole.Seed && before?.Role != PeerRole.Seed)
        {
            swarm.Downloaded++;
            Totals.Downloaded++;
        }

        if (before is null)
            MakeRoomIn(swarm);

        // A peer that announces too early gets no peers, and its interval still counts from its last regular announce.
        bool isEarly = request.Event is AnnounceEvent.None or AnnounceEvent.Paused
            && before?.Peer.LastSeen > now - (options.MinInterval * 0.75);
        Change(swarm, request, role, isEarly ? before!.Value.Peer.LastSeen : now);
        swarm.LastAnnounce = now;
        int wanted = isEarly ? 0 : Math.Clamp(request.NumWant ?? options.DefaultNumWant, 0, options.MaxNumWant);
        return new SwarmReply(null, swarm.Counts, swarm.Draw(request, role, wanted, now - options.PeerLifetime, random));
    }

    /// <summary>The counts of a swarm; false if it is unknown.</summary>
    public bool TryScrape(InfoHash infoHash, Timestamp now, out SwarmCounts counts)
    {
        bool isKnown = TryFind(infoHash, now, out Swarm? swarm);
        counts = isKnown ? swarm!.Counts : default;
        return isKnown;
    }

    /// <summary>
    /// Removes silent peers from some of the swarms; repeated calls cycle through all of them. Bounded, so that announces need not wait.
    /// </summary>
    public void Sweep(Timestamp now)
    {
        for (int i = Math.Min(SwarmsPerSweep, _order.Count); i > 0 && _order.Count > 0; i--)
        {
            _sweepPlace = (_sweepPlace + 1) % _order.Count;
            SweepIfDue(_order[_sweepPlace], now);
        }
    }

    private string? WhyNotServed(InfoHash infoHash)
    {
#pragma warning disable CA1031 // Whatever goes wrong there must not end the thread that serves everybody.
        try
        {
            return options.Allows is { } allows && !allows(infoHash) ? "this tracker does not serve the torrent" : null;
        }
        catch (Exception)
        {
            return "this tracker cannot tell now whether it serves the torrent";
        }
#pragma warning restore CA1031
    }

    private SwarmReply Leave(in SwarmRequest request, Timestamp now)
    {
        if (!TryFind(request.InfoHash, now, out Swarm? swarm))
            return new SwarmReply(null, default, []);
        if (swarm.Remove(request.Address))
            OnRemoved(request.Address);
        SwarmCounts counts = swarm.Counts;
        DropIfEmpty(swarm);
        return new SwarmReply(null, counts, []);
    }

    private void Change(Swarm swarm, in SwarmRequest request, PeerRole role, Timestamp seen)
    {
        int count = swarm.Count;
        swarm.Put(new SwarmPeer(request.Address, request.PeerId, seen), role);
        if (swarm.Count == count)
            return;
        Peers++;
        _holders.Add(request.Address.Holder);
    }

    private void OnRemoved(PeerAddress address)
    {
        Peers--;
        _holders.Remove(address.Holder);
    }

    private bool TryFind(InfoHash infoHash, Timestamp now, [NotNullWhen(true)] out Swarm? swarm)
    {
        if (!_swarms.TryGetValue(infoHash, out swarm))
            return false;
        SweepIfDue(swarm, now);
        if (swarm.Count == 0)
            swarm = null;
        return swarm is not null;
    }

    private Swarm Add(InfoHash infoHash, Timestamp now)
    {
        if (_order.Count > 0 && (_order.Count >= options.MaxTorrents || Peers >= options.MaxPeers))
            EvictSwarm();
        Swarm swarm = new(infoHash, Totals) { Place = _order.Count, NextSweep = now + SweepInterval };
        _swarms.Add(infoHash, swarm);
        _order.Add(swarm);
        return swarm;
    }

    private void MakeRoomIn(Swarm swarm)
    {
        int count = swarm.Count;
        if (count == 0 || (count < options.MaxPeersPerTorrent && Peers < options.MaxPeers))
            return;
        OnRemoved(swarm.EvictOne(random));
    }

    // Of a few, the swarm with the fewest peers, and of those the one that has been silent the longest: made-up torrents have one peer.
    private void EvictSwarm()
    {
        Swarm victim = _order[random.Next(_order.Count)];
        for (int i = 1; i < EvictionSample; i++)
        {
            Swarm other = _order[random.Next(_order.Count)];
            if (other.Count < victim.Count || (other.Count == victim.Count && other.LastAnnounce < victim.LastAnnounce))
                victim = other;
        }

        foreach (PeerAddress address in victim.Addresses())
            OnRemoved(address);
        Drop(victim);
    }

    private TimeSpan SweepInterval => options.PeerLifetime / 16;

    private void SweepIfDue(Swarm swarm, Timestamp now)
    {
        if (now < swarm.NextSweep)
            return;
        swarm.NextSweep = now + SweepInterval;
        swarm.RemoveSilentSince(now - options.PeerLifetime, OnRemoved);
        DropIfEmpty(swarm);
    }

    private void DropIfEmpty(Swarm swarm)
    {
        if (swarm.Count == 0)
            Drop(swarm);
    }

    private void Drop(Swarm swarm)
    {
        swarm.Drop();
        _swarms.Remove(swarm.InfoHash);
        Swarm last = _order[^1];
        _order[swarm.Place] = last;
        last.Place = swarm.Place;
        _order.RemoveAt(_order.Count - 1);
    }
}
