using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Keeps the routing tables filled and true: looks for our own neighbourhood at the start and every quarter of an hour, refreshes what lies
/// idle, asks the silent whether they are still there, and verifies those that it hears of.
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

    /// <summary>Nodes to begin from became known: a side without nodes begins at once.</summary>
    public void OnBeginnings(Timestamp now)
    {
        foreach (DhtSide side in dht.Sides)
        {
            if (side.Table.Count == 0)
                _neighbourhoods.Remove(side);
        }

        NextDeadline = Timestamp.Min(NextDeadline, now);
    }

    /// <summary>We have another id, and so other neighbours, who are to know us by it.</summary>
    public void OnBecame(DhtSide side, Timestamp now)
    {
        _neighbourhoods.Remove(side);
        NextDeadline = Timestamp.Min(NextDeadline, now);
    }

    /// <summary>
    /// Somebody asked us something. Whether it is there is found out if there is room for it in the table, and if it gets short answers
    /// for as long as it has not shown that it receives them.
    /// </summary>
    public void OnSeen(DhtSide side, NodeInfo node, Timestamp now)
    {
        if (_verifying >= DhtLimits.MaxDhtVerifications)
            return;
        bool isWanted = dht.Accepts(node) && side.Table.IsWanted(node, now);
        if (!dht.Correspondents.MayProve(node.Address, now) && !isWanted)
            return;
        side.Table.OnAsked(node.Address, now);
        Ping(side, node.Address, node.Id, now);
    }

    /// <summary>A peer says that there is a node, whose id is not known (BEP 5, PORT).</summary>
    public void OnHint(DhtSide side, NodeAddress address, Timestamp now)
    {
        bool isCrowded = side.Table.Count >= 4 * DhtLimits.DhtBucketSize;
        if (_verifying >= DhtLimits.MaxDhtVerifications || (isCrowded && now - _hinted < BetweenHints))
            return;
        _hinted = now;
        Ping(side, address, expected: null, now);
    }

    /// <summary>A ping of ours is over, answered or not.</summary>
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
            if (side.Table.TryGetSilent(now - Stale, out RoutingNode? silent))
            {
                side.Table.OnAsked(silent.Info.Address, now);
                Ping(side, silent.Info.Address, silent.Info.Id, now);
            }

            RefreshOne(side, now);
        }
    }

    // Looks for the nodes next to us; while there are none, again and again, ever more rarely.
    private void Visit(DhtSide side, Timestamp now)
    {
        if (!_neighbourhoods.TryGetValue(side, out Neighbourhood? neighbourhood))
            _neighbourhoods.Add(side, neighbourhood = new Neighbourhood { Due = now, Retry = FirstRetry });
        if (now < neighbourhood.Due)
            return;
        bool isLonely = side.Table.Count < DhtLimits.DhtBucketSize;
        neighbourhood.Due = now + (isLonely ? neighbourhood.Retry : Stale);
        neighbourhood.Retry = isLonely ? TimeSpan.FromTicks(Math.Min(neighbourhood.Retry.Ticks * 2, LastRetry.Ticks)) : FirstRetry;
        if (side.Table.Count > 0 || side.Beginnings.Count > 0)
            LookFor(side, side.Table.Own, now);
    }

    private void RefreshOne(DhtSide side, Timestamp now)
    {
        foreach ((int prefix, RoutingBucket bucket) in side.Table.Buckets)
        {
            if (bucket.IsFull || now - bucket.Changed < Stale)
                continue;
            bucket.Changed = now;
            LookFor(side, side.Table.Own.RandomAt(prefix, dht.Random), now);
            return;
        }
    }

    private void LookFor(DhtSide side, NodeId target, Timestamp now) =>
        searches.TryStart(new Search { Target = target, Kind = SearchKind.Nodes, OnlySide = side }, now);

    private void Ping(DhtSide side, NodeAddress address, NodeId? expected, Timestamp now)
    {
        if (dht.Queries.TrySend(side, address, expected, new KrpcQuery { Method = DhtMethod.Ping }, now))
            _verifying++;
    }

    private sealed class Neighbourhood
    {
        public Timestamp Due { get; set; }

        public TimeSpan Retry { get; set; }
    }
}
