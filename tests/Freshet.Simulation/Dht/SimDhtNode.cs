using System.Net;
using System.Numerics;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Simulation.Dht;

/// <summary>A node of a <see cref="SimDht"/>: the real machine if it is honest, and the results of its searches.</summary>
internal sealed class SimDhtNode : IDhtEffects
{
    private readonly SimDht _network;
    private readonly KrpcWriter _writer = new();
    private readonly NodeId _id;

    public SimDhtNode(SimDht network, NodeAddress address, SimDhtKind kind, bool enforcesIds, SimDhtIds ids)
    {
        _network = network;
        Address = address;
        Kind = kind;
        Ids = ids;
        _id = ids == SimDhtIds.Matching ? SecureNodeId.Create(address, network.Random) : NodeId.Random(network.Random);
        Machine = new DhtMachine(
            new DhtMachineOptions
            {
                EnforcesIds = enforcesIds,
                Memory = DhtMemory.Empty with { Id = _id },
                Addresses = ids == SimDhtIds.Any ? new NoAddresses() : null,
            },
            this,
            new Random(network.Random.Next()),
            network.Now);
    }

    public NodeAddress Address { get; }

    public SimDhtKind Kind { get; }

    public SimDhtIds Ids { get; }

    public DhtMachine Machine { get; }

    public bool HasLeft { get; set; }

    /// <summary>When its next deadline in the network's queue is.</summary>
    public Timestamp Scheduled { get; set; } = Timestamp.Never;

    public Dictionary<SearchKey, HashSet<IPEndPoint>> Found { get; } = [];

    public Dictionary<SearchKey, SearchReport> Reports { get; } = [];

    public void Send(ReadOnlySpan<byte> datagram, NodeAddress target) => _network.Send(this, datagram, target);

    public void PeersFound(SearchKey search, IReadOnlyList<IPEndPoint> peers)
    {
        if (!Found.TryGetValue(search, out HashSet<IPEndPoint>? found))
            Found.Add(search, found = []);
        found.UnionWith(peers);
    }

    public void SearchEnded(SearchKey search, SearchReport report) => Reports.Add(search, report);

    public void Receive(ReadOnlySpan<byte> datagram, NodeAddress sender)
    {
        if (Kind == SimDhtKind.Honest)
        {
            Machine.OnDatagram(datagram, sender, _network.Now);
            return;
        }

        // A hostile node joins as an honest one does, so that others know it, and then answers as it likes.
        if (KrpcReader.TryRead(datagram, out KrpcMessage message) != KrpcFault.None)
            return;
        if (message.Kind != KrpcKind.Query || message.Method == DhtMethod.Ping)
            Machine.OnDatagram(datagram, sender, _network.Now);
        else if (Kind == SimDhtKind.Reflector)
            Send(datagram, sender);
        else if (Kind == SimDhtKind.Garbler)
            Garble(message, sender);
        else if (Kind == SimDhtKind.Liar)
            Lie(message, sender);
        else if (Kind is SimDhtKind.Sybil or SimDhtKind.CautiousSybil or SimDhtKind.OrganizedSybil)
            Crowd(message, sender);
    }

    private void Garble(in KrpcMessage query, NodeAddress sender)
    {
        byte[] answer = _writer.WriteAnswer(query.Transaction, NodeId.Random(_network.Random), default).ToArray();
        Send(answer, sender);
        Send("d1:rd2:id20:abcdefghij01234567895:nodes25:abcdefghij0123456789abcdee1:t4:aaaa1:y1:re"u8, sender);
    }

    private bool Introduces => Kind == SimDhtKind.OrganizedSybil && Address.Port % 2 == 0;

    // All of them use the same rule, so that each answers with the id by which another named it.
    private NodeId IdNear(NodeId target)
    {
        if (Kind == SimDhtKind.Sybil)
            return target with { Low = target.Low ^ (uint)(1 + (Address.GetHashCode() & 0xFFFFF)) };
        int random = Address.Port ^ (int)target.Low;
        int closest = BitOperations.Log2((uint)_network.Nodes.Count);
        return target.RandomAt(closest + (random & 1), new Random(random));
    }

    private void Crowd(in KrpcMessage query, NodeAddress sender)
    {
        NodeId target = query.Target ?? default;
        NodeInfo[] nodes = new NodeInfo[8];
        for (int i = 0; i < nodes.Length; i++)
        {
            SimDhtNode fellow = _network.AnyHostile();
            for (int tries = 0; fellow.Introduces && tries < 20; tries++)
                fellow = _network.AnyHostile();
            nodes[i] = new NodeInfo(fellow.IdNear(target), fellow.Address);
        }

        bool isAsked = query.Method == DhtMethod.GetPeers;
        Send(
            _writer.WriteAnswer(query.Transaction, Introduces ? _id : IdNear(target), new KrpcAnswer
            {
                Nodes = nodes,
                Token = "lies"u8,
                Values = isAsked ? [_network.NewAddress()] : [],
            }),
            sender);
    }

    private void Lie(in KrpcMessage query, NodeAddress sender)
    {
        NodeId target = query.Target ?? default;
        NodeInfo[] nodes = new NodeInfo[8];
        for (int i = 0; i < nodes.Length; i++)
        {
            NodeAddress address = i < 2 ? _network.AnyHostile().Address : _network.NewAddress();
            nodes[i] = new NodeInfo(target.RandomAt(100 + i, _network.Random), address);
        }

        Send(
            _writer.WriteAnswer(query.Transaction, _id, new KrpcAnswer
            {
                Nodes = nodes,
                Token = "lies"u8,
                Values = query.Method == DhtMethod.GetPeers ? [_network.NewAddress()] : [],
            }),
            sender);
    }

    /// <summary>It believes nobody, and so keeps its id.</summary>
    private sealed class NoAddresses : IExternalAddresses
    {
        public void Hear(IPAddress address, ExternalAddressSources source, Origin voter)
        {
        }

        public ExternalAddressStatus? Find(bool isV6) => null;
    }
}
