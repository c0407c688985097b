using System.Net;
using System.Text;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

/// <summary>A node of the DHT and everything that it sent, with a clock that the test moves.</summary>
internal sealed class DhtRig : IDhtEffects
{
    private readonly KrpcWriter _writer = new();

    public DhtRig(DhtMachineOptions? options = null) =>
        Machine = new DhtMachine(options ?? new DhtMachineOptions(), this, new Random(1), Now);

    public DhtMachine Machine { get; }

    public Timestamp Now { get; private set; } = new(TimeSpan.FromHours(1).Ticks);

    public List<(byte[] Datagram, NodeAddress Target)> Sent { get; } = [];

    public List<IPEndPoint> Peers { get; } = [];

    public List<SearchReport> Reports { get; } = [];

    public static NodeAddress Address(string text) => NodeAddress.From(IPEndPoint.Parse(text));

    public static NodeInfo Node(int number) => new(IdOf(number), Address($"8.{number / 250}.{1 + (number % 250)}.8:6881"));

    /// <summary>An id whose first bytes are made from a number, so that ids are far apart.</summary>
    public static NodeId IdOf(int number) => NodeId.Random(new Random(1000 + number));

    void IDhtEffects.Send(ReadOnlySpan<byte> datagram, NodeAddress target) => Sent.Add((datagram.ToArray(), target));

    void IDhtEffects.PeersFound(SearchKey search, IReadOnlyList<IPEndPoint> peers) => Peers.AddRange(peers);

    void IDhtEffects.SearchEnded(SearchKey search, SearchReport report) => Reports.Add(report);

    public void Receive(string datagram, NodeAddress sender) => Machine.OnDatagram(Encoding.Latin1.GetBytes(datagram), sender, Now);

    public void Receive(byte[] datagram, NodeAddress sender) => Machine.OnDatagram(datagram, sender, Now);

    /// <summary>Sends a query to the machine and returns its answer; null if there is none.</summary>
    public byte[]? Ask(NodeInfo asker, KrpcQuery query, bool isReadOnly = true)
    {
        Sent.Clear();
        Receive(_writer.WriteQuery(1, asker.Id, isReadOnly, query).ToArray(), asker.Address);
        return Sent.Where(sent => sent.Target == asker.Address && KindOf(sent.Datagram) != KrpcKind.Query)
            .Select(sent => sent.Datagram).SingleOrDefault();
    }

    public static KrpcKind KindOf(byte[] datagram) => Read(datagram).Kind;

    public static KrpcMessage Read(byte[] datagram)
    {
        Assert.Equal(KrpcFault.None, KrpcReader.TryRead(datagram, out KrpcMessage message));
        return message;
    }

    /// <summary>Answers the queries that the machine has sent, until there are no more or a given number is reached.</summary>
    public void Answer(Func<byte[], NodeAddress, byte[]?> answer, int most = 10_000)
    {
        for (int i = 0; i < most && Sent.Count > 0; i++)
        {
            (byte[] datagram, NodeAddress target) = Sent[0];
            Sent.RemoveAt(0);
            if (KindOf(datagram) == KrpcKind.Query && answer(datagram, target) is { } reply)
                Receive(reply, target);
        }
    }

    /// <summary>Returns the answer of a node to a query that it received.</summary>
    public byte[] AnswerTo(byte[] query, NodeId id, KrpcAnswer answer) =>
        _writer.WriteAnswer(Read(query).Transaction, id, answer).ToArray();

    /// <summary>Adds nodes to the routing table: each sends a query, is pinged in turn, and answers.</summary>
    public void Meet(IEnumerable<NodeInfo> nodes)
    {
        foreach (NodeInfo node in nodes)
        {
            Sent.Clear();
            Receive(_writer.WriteQuery(1, node.Id, isReadOnly: false, new KrpcQuery { Method = DhtMethod.Ping }).ToArray(), node.Address);
            Answer((query, target) => target == node.Address ? AnswerTo(query, node.Id, default) : null);
            Pass(TimeSpan.FromSeconds(1));
        }

        Sent.Clear();
    }

    /// <summary>Advances the time, in steps of the machine's deadlines.</summary>
    public void Pass(TimeSpan time)
    {
        Timestamp end = Now + time;
        for (int i = 0; i < 10_000 && Machine.NextDeadline <= end; i++)
        {
            Now = Timestamp.Max(Now, Machine.NextDeadline);
            Machine.OnDeadline(Now);
        }

        Now = end;
    }
}
