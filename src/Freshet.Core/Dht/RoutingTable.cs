using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// The known nodes of one address family (BEP 5), in a bucket for each distance from our own id. Every node in it has answered a query of
/// ours, from the recorded address and with the recorded id. No two nodes belong to the same host, and no two of a bucket to the same
/// network, so that nobody can fill the table alone.
/// </summary>
internal sealed class RoutingTable
{
    // A node that does not answer is kept up to this many failures if there is no replacement: our own network may be at fault.
    private const int MostFailures = 6;

    // Nodes change their id when they learn their address (BEP 42), so usually only once, soon after they started.
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromMinutes(1);

    private readonly RoutingBucket?[] _buckets = new RoutingBucket?[NodeId.Bits];
    private readonly Dictionary<NodeAddress, RoutingNode> _byHost = [];

    public RoutingTable(NodeId own) => Own = own;

    public NodeId Own { get; }

    /// <summary>The number of nodes, not counting spares.</summary>
    public int Count { get; private set; }

    /// <summary>The number of nodes that wait for a place.</summary>
    public int Spares { get; private set; }

    /// <summary>The existing buckets, the farthest first.</summary>
    public IEnumerable<(int Prefix, RoutingBucket Bucket)> Buckets
    {
        get
        {
            for (int prefix = 0; prefix < _buckets.Length; prefix++)
            {
                if (_buckets[prefix] is { } bucket)
                    yield return (prefix, bucket);
            }
        }
    }

    /// <summary>A node has answered: it is added, kept as a spare, or left where it is.</summary>
    public void OnAnswered(NodeInfo info, Timestamp now)
    {
        if (info.Id == Own)
            return;
        NodeAddress host = info.Address.Host;
        if (!_byHost.TryGetValue(host, out RoutingNode? known))
        {
            Insert(new RoutingNode(info, now), host);
        }
        else if (known.Info == info)
        {
            known.Heard = now;
            known.Failures = 0;
        }
        else if (known.Info.Address == info.Address)
        {
            Change(known, info, now);
        }
        else if (known.IsBad)
        {
            // A different port of the same host: as long as the known node answers, it stays.
            Remove(known);
            Insert(new RoutingNode(info, now), host);
        }
    }

    /// <summary>Whether a node would be added if it answered, so that it is worth a ping.</summary>
    public bool IsWanted(NodeInfo info, Timestamp now)
    {
        if (info.Id == Own)
            return false;
        if (_byHost.TryGetValue(info.Address.Host, out RoutingNode? known))
            return known.IsBad || (IsChanged(known, info) && now - known.Asked >= BetweenChanges);
        RoutingBucket? bucket = _buckets[Own.CommonPrefix(info.Id)];
        if (bucket?.OfNetwork(info.Address.Network) is { } neighbour)
            return neighbour.IsBad;
        return bucket is null || !bucket.IsFull || bucket.Spares.Count < DhtLimits.DhtBucketSize / 2 || HasBad(bucket);
    }

    /// <summary>Whether the node at an address is known, by whatever id.</summary>
    public bool Has(NodeAddress address) =>
        _byHost.TryGetValue(address.Host, out RoutingNode? known) && known.Info.Address == address;

    /// <summary>A node was asked whether it is there.</summary>
    public void OnAsked(NodeAddress address, Timestamp now)
    {
        if (_byHost.TryGetValue(address.Host, out RoutingNode? known) && known.Info.Address == address)
            known.Asked = now;
    }

    /// <summary>A node has answered that it does not do what it was asked for.</summary>
    public void OnRefused(NodeInfo info, Timestamp now)
    {
        if (_byHost.TryGetValue(info.Address.Host, out RoutingNode? known) && known.Info == info)
            (known.Heard, known.Failures) = (now, 0);
    }

    /// <summary>A node did not answer, or answered with another id: if it does so again, it is replaced by a spare.</summary>
    public void OnFailed(NodeInfo info)
    {
        if (!_byHost.TryGetValue(info.Address.Host, out RoutingNode? known) || known.Info != info)
            return;
        known.Failures++;
        RoutingBucket bucket = BucketOf(info.Id);
        bool isSpare = bucket.Spares.Contains(known);
        if (known.Failures >= MostFailures || (known.IsBad && (isSpare || bucket.Spares.Count > 0)))
        {
            Remove(known);
            Promote(bucket);
        }
    }

    /// <summary>Finds the nodes closest to a target, the closest first, without bad ones.</summary>
    /// <returns>The number of nodes found; fewer than there is room for only if there are not enough.</returns>
    public int Closest(NodeId target, Span<NodeInfo> result)
    {
        int count = 0;
        foreach (RoutingBucket? bucket in _buckets)
        {
            if (bucket is null)
                continue;
            foreach (RoutingNode node in bucket.Nodes)
            {
                if (!node.IsBad)
                    count = Keep(node.Info, target, result, count);
            }
        }

        return count;
    }

    /// <summary>
    /// The number of leading bits that the closest of all nodes usually has in common with a target, as the nodes around us have with us:
    /// the logarithm of the size of the network. <see cref="NodeId.Bits"/> while we know too few.
    /// </summary>
    public int UsualPrefix
    {
        get
        {
            Span<NodeInfo> neighbours = stackalloc NodeInfo[DhtLimits.DhtBucketSize];
            return Closest(Own, neighbours) < neighbours.Length
                ? NodeId.Bits
                : Own.CommonPrefix(neighbours[^1].Id) + BitOperations.Log2(DhtLimits.DhtBucketSize);
        }
    }

    /// <summary>Finds the node that has been silent longest, if it has not answered since the given moment.</summary>
    public bool TryGetSilent(Timestamp since, [NotNullWhen(true)] out RoutingNode? silent)
    {
        silent = null;
        foreach (RoutingBucket? bucket in _buckets)
        {
            if (bucket is null)
                continue;
            foreach (RoutingNode node in bucket.Nodes)
            {
                Timestamp quiet = Timestamp.Max(node.Heard, node.Asked);
                if (quiet <= since && (silent is null || quiet < Timestamp.Max(silent.Heard, silent.Asked)))
                    silent = node;
            }
        }

        return silent is not null;
    }

    /// <summary>All nodes that have answered recently.</summary>
    public IEnumerable<RoutingNode> Good() =>
        Buckets.SelectMany(static one => one.Bucket.Nodes).Where(static node => node.Failures == 0);

    /// <summary>A search was made at a distance, which counts as a change of the bucket.</summary>
    public void Touch(int prefix, Timestamp now)
    {
        if (prefix < NodeId.Bits && _buckets[prefix] is { } bucket)
            bucket.Changed = now;
    }

    private static bool IsChanged(RoutingNode known, NodeInfo info) => known.Info.Address == info.Address && known.Info.Id != info.Id;

    // A node that returns a different id each time is treated like one that does not answer.
    private void Change(RoutingNode known, NodeInfo info, Timestamp now)
    {
        Remove(known);
        if (known.Failures + 1 < MostFailures)
            Insert(new RoutingNode(info, now) { Asked = known.Asked, Failures = known.Failures + 1 }, info.Address.Host);
    }

    private void Insert(RoutingNode node, NodeAddress host)
    {
        RoutingBucket bucket = BucketOf(node.Info.Id);
        RoutingNode? neighbour = bucket.OfNetwork(node.Info.Address.Network);
        if (neighbour is { IsBad: false } || bucket.Nodes.Exists(other => other.Info.Id == node.Info.Id))
            return;
        if (neighbour is not null)
            Remove(neighbour);
        if (bucket.IsFull && bucket.Nodes.Find(static other => other.IsBad) is { } bad)
            Remove(bad);
        if (!bucket.IsFull)
        {
            bucket.Nodes.Add(node);
            bucket.Changed = node.Heard;
            Count++;
        }
        else
        {
            if (bucket.Spares.Count == DhtLimits.DhtBucketSize)
                Remove(bucket.Spares[0]);
            bucket.Spares.Add(node);
            Spares++;
        }

        _byHost.Add(host, node);
    }

    private void Promote(RoutingBucket bucket)
    {
        if (bucket.IsFull || bucket.Spares.Count == 0)
            return;
        RoutingNode spare = bucket.Spares[^1];
        bucket.Spares.RemoveAt(bucket.Spares.Count - 1);
        Spares--;
        bucket.Nodes.Add(spare);
        Count++;
    }

    private void Remove(RoutingNode node)
    {
        RoutingBucket bucket = BucketOf(node.Info.Id);
        if (bucket.Nodes.Remove(node))
            Count--;
        else if (bucket.Spares.Remove(node))
            Spares--;
        _byHost.Remove(node.Info.Address.Host);
    }

    private RoutingBucket BucketOf(NodeId id) => _buckets[Own.CommonPrefix(id)] ??= new RoutingBucket();

    private static bool HasBad(RoutingBucket bucket) => bucket.Nodes.Exists(static node => node.IsBad);

    private static int Keep(NodeInfo info, NodeId target, Span<NodeInfo> result, int count)
    {
        NodeId distance = info.Id.DistanceTo(target);
        int at = count;
        while (at > 0 && distance.CompareTo(result[at - 1].Id.DistanceTo(target)) < 0)
            at--;
        if (at == result.Length)
            return count;
        int kept = Math.Min(count, result.Length - 1);
        result[at..kept].CopyTo(result[(at + 1)..]);
        result[at] = info;
        return kept + 1;
    }
}
