using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Keeps the routing tables filled and accurate: searches for our own neighbourhood at the start and every 15 minutes, refreshes idle
/// buckets, pings silent nodes, and verifies newly reported nodes.
/// </summary>
internal sealed class Upkeep(DhtContext dht, Searches searches, PeerStore peers, ItemStore items)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenHints = TimeSpan.FromSeconds(1);

    private readonly Dictionary<DhtSide, Neighbourhood> _neighbourhoods = [];
    private Timestamp _hinted;
    private int _verifying;

    public Timestamp NextDeadline { get; private set; }

    /// <summary>Bootstrap nodes became known: a side without nodes starts at once.</summary>
    public void OnBeginnings(Timestamp now)
    {
        foreach (DhtSide side in dht.Sides)
        {
            if (side.Table.Count == 0)
                _neighbourhoods.Remove(side);
        }

        NextDeadline = Timestamp.Min(NextDeadline, now);
    }

    /// <summary>Our id has changed, and with it our neighbours, who must learn of it.</summary>
    public void OnBecame(DhtSide side, Timestamp now)
    {
        _neighbourhoods.Remove(side);
        NextDeadline = Timestamp.Min(NextDeadline, now);
    }

    /// <summary>
    /// A node has queried us. It is pinged if the table has room for it, or if its answers are being shortened because it has not proved
    /// that it receives them.
    /// </summary>
    public void OnSeen(DhtSide side, NodeInfo node, Timestamp now)
    {
        if (_verifying >= DhtLimits.MaxDhtVerifications)
            return;
        bool isWanted = dht.Accepts(node) && side.Table.IsWanted(node, now);
        bool mayProve = dht.Correspondents.MayProve(node.Address, now);
        if ((!mayProve && !isWanted) || !TryPing(side, node.Address, node.Id, now))
            return;
        side.Table.OnAsked(node.Address, now);
        if (mayProve)
            dht.Correspondents.OnAskedToProve(node.Address);
    }

    /// <summary>A peer reported a node, whose id is unknown (BEP 5, PORT).</summary>
    public void OnHint(DhtSide side, NodeAddress address, Timestamp now)
    {
        bool isCrowded = side.Table.Count >= 4 * DhtLimits.DhtBucketSize;
        if (_verifying >= DhtLimits.MaxDhtVerifications || (isCrowded && now - _hinted < BetweenHints))
            return;
        _hinted = now;
        TryPing(side, address, expected: null, now);
    }

    /// <summary>A ping of ours has ended, answered or not.</summary>
    public void OnPinged() => _verifying--;

    public void Tick(Timestamp now)
    {
        if (now < NextDeadline)
            return;
        NextDeadline = now + Interval;
        peers.Sweep(now);
        items.Sweep(now);
        foreach (DhtSide side in dht.Sides)
        {
            Visit(side, now);
            if (side.Table.TryGetSilent(now - Stale, out RoutingNode? silent)
                && TryPing(side, silent.Info.Address, silent.Info.Id, now))
                side.Table.OnAsked(silent.Info.Address, now);
            RefreshOne(side, now);
        }
    }

    // Searches for the nodes closest to us; while there are none, repeatedly, at growing intervals.
    private void Visit(DhtSide side, Timestamp now)
    {
        if (!_neighbourhoods.TryGetValue(side, out Neighbourhood? neighbourhood))
            _neighbourhoods.Add(side, neighbourhood = new Neighbourhood { Due = now, Retry = FirstRetry });
        if (now < neighbourhood.Due)
            return;
        bool hasBegun = side.Table.Count + side.Beginnings.Count == 0 || TryLookFor(side, side.Table.Own, now);
        if (!hasBegun)
            return;
        bool isLonely = side.Table.Count < DhtLimits.DhtBucketSize;
        neighbourhood.Due = now + (isLonely ? neighbourhood.Retry : Stale);
        neighbourhood.Retry = isLonely ? TimeSpan.FromTicks(Math.Min(neighbourhood.Retry.Ticks * 2, LastRetry.Ticks)) : FirstRetry;
    }

    private void RefreshOne(DhtSide side, Timestamp now)
    {
        foreach ((int prefix, RoutingBucket bucket) in side.Table.Buckets)
        {
            if (bucket.IsFull || now - bucket.Changed < Stale)
                continue;
            if (TryLookFor(side, side.Table.Own.RandomAt(prefix, dht.Random), now))
                bucket.Changed = now;
            return;
        }
    }

    private bool TryLookFor(DhtSide side, NodeId target, Timestamp now) => searches.TryStart(
        new Search
        {
            Target = target,
            Kind = SearchKind.Nodes,
            Urgency = SearchUrgency.Upkeep,
            OnlySide = side,
        },
        now);

    private bool TryPing(DhtSide side, NodeAddress address, NodeId? expected, Timestamp now)
    {
        if (!dht.Queries.TrySend(side, address, expected, new KrpcQuery { Method = DhtMethod.Ping }, now))
            return false;
        _verifying++;
        return true;
    }

    private sealed class Neighbourhood
    {
        public Timestamp Due { get; set; }

        public TimeSpan Retry { get; set; }
    }
}
