using Freshet.Core.Dht;
using Freshet.Core.Rates;

namespace Freshet.Simulation.Dht;

/// <summary>
/// A DHT of many nodes on a virtual clock, in one thread and from one seed. Datagrams take 20 to 200 ms, and one in a hundred is lost.
/// </summary>
internal sealed class SimDht(int seed)
{
    private const double Loss = 0.01;

    private readonly PriorityQueue<Happening, (long At, long Order)> _queue = new();
    private readonly Dictionary<NodeAddress, SimDhtNode> _byAddress = [];
    private long _order;

    public Random Random { get; } = new(seed);

    public Timestamp Now { get; private set; } = new(TimeSpan.FromDays(1).Ticks);

    /// <summary>The nodes that are running.</summary>
    public List<SimDhtNode> Nodes { get; } = [];

    public List<SimDhtNode> Hostile { get; } = [];

    public long Datagrams { get; private set; }

    /// <summary>Adds a node, which starts from some of the running nodes.</summary>
    /// <param name="kind">How it behaves.</param>
    /// <param name="enforcesIds">Whether it accepts only nodes whose id matches their address.</param>
    /// <param name="ids">Which id it has.</param>
    public SimDhtNode Join(SimDhtKind kind, bool enforcesIds, SimDhtIds ids = SimDhtIds.Matching)
    {
        SimDhtNode node = new(this, NewAddress(), kind, enforcesIds, ids);
        List<NodeAddress> beginnings = [];
        for (int i = 0; i < 6 && Nodes.Count > 0; i++)
            beginnings.Add(Nodes[Random.Next(Nodes.Count)].Address);
        Nodes.Add(node);
        _byAddress.Add(node.Address, node);
        if (kind != SimDhtKind.Honest)
            Hostile.Add(node);
        node.Machine.AddBeginnings(beginnings, BeginningKind.Named, Now);
        Schedule(node);
        return node;
    }

    /// <summary>Removes a node, which notifies nobody.</summary>
    public void Leave(SimDhtNode node)
    {
        node.HasLeft = true;
        Nodes.Remove(node);
        Hostile.Remove(node);
        _byAddress.Remove(node.Address);
    }

    public SimDhtNode AnyHonest()
    {
        while (true)
        {
            SimDhtNode node = Nodes[Random.Next(Nodes.Count)];
            if (node.Kind == SimDhtKind.Honest)
                return node;
        }
    }

    public SimDhtNode AnyHostile() => Hostile[Random.Next(Hostile.Count)];

    /// <summary>An unused address on the internet.</summary>
    public NodeAddress NewAddress()
    {
        Span<byte> bytes = stackalloc byte[4];
        while (true)
        {
            Random.NextBytes(bytes);
            NodeAddress address = NodeAddress.From(bytes, (ushort)Random.Next(1024, 65536));
            if (address.IsReachable(allowsLocal: false) && !_byAddress.ContainsKey(address))
                return address;
        }
    }

    public void Send(SimDhtNode from, ReadOnlySpan<byte> datagram, NodeAddress target)
    {
        Datagrams++;
        if (Random.NextDouble() < Loss || !_byAddress.TryGetValue(target, out SimDhtNode? to))
            return;
        Timestamp at = Now + TimeSpan.FromMilliseconds(Random.Next(20, 200));
        _queue.Enqueue(new Happening(to, from.Address, datagram.ToArray()), (at.Ticks, _order++));
    }

    /// <summary>Makes a request to a node's machine, whose deadlines may change by it.</summary>
    public void Do(SimDhtNode node, Action<DhtMachine> action)
    {
        action(node.Machine);
        Schedule(node);
    }

    /// <summary>Lets time pass; ends early if a condition holds.</summary>
    public void Run(TimeSpan time, Func<bool>? until = null)
    {
        Timestamp end = Now + time;
        while (until?.Invoke() != true && _queue.TryPeek(out _, out (long At, long) next) && next.At <= end.Ticks)
        {
            Happening happening = _queue.Dequeue();
            Now = new Timestamp(next.At);
            if (!happening.Node.HasLeft)
                Happen(happening);
        }

        if (until is null)
            Now = end;
    }

    private void Happen(Happening happening)
    {
        SimDhtNode node = happening.Node;
        if (happening.Datagram is { } datagram)
        {
            node.Receive(datagram, happening.Sender);
        }
        else
        {
            node.Scheduled = Timestamp.Never;
            if (node.Machine.NextDeadline <= Now)
                node.Machine.OnDeadline(Now);
        }

        Schedule(node);
    }

    private void Schedule(SimDhtNode node)
    {
        Timestamp next = Timestamp.Max(node.Machine.NextDeadline, Now);
        if (next >= node.Scheduled || next == Timestamp.Never)
            return;
        node.Scheduled = next;
        _queue.Enqueue(new Happening(node, default, null), (next.Ticks, _order++));
    }

    /// <summary>Delivers a datagram or, without one, handles a deadline.</summary>
    private readonly record struct Happening(SimDhtNode Node, NodeAddress Sender, byte[]? Datagram);
}
