using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Tests.Dht;

/// <summary>How much is answered, and to whom.</summary>
public class DhtBudgetTests
{
    private static readonly NodeInfo Stranger = DhtRig.Node(1_000);
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);
    private readonly DhtRig _rig = new();

    [Fact]
    public void Who_has_not_shown_that_it_receives_gets_no_more_than_it_sent_beyond_a_small_credit()
    {
        _rig.Meet(Enumerable.Range(0, 40).Select(DhtRig.Node));
        int sent = 0, received = 0, lastSent = 0, lastReceived = 0;
        for (int i = 0; i < 100; i++)
        {
            byte[] query = new KrpcWriter().WriteQuery(
                1, Stranger.Id, isReadOnly: true, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }).ToArray();
            _rig.Sent.Clear();
            _rig.Receive(query, Stranger.Address);
            lastSent = query.Length;
            lastReceived = _rig.Sent.Sum(one => one.Datagram.Length);
            sent += lastSent;
            received += lastReceived;
        }

        Assert.InRange(received, 1, sent + DhtLimits.DhtUnprovenCredit);
        Assert.InRange(lastReceived, 1, lastSent);
    }

    /// <summary>Whoever forges addresses has any number of them, each of which has never been heard of.</summary>
    [Fact]
    public void However_many_addresses_are_forged_they_get_no_more_together_than_they_sent_beyond_a_limit()
    {
        _rig.Meet(Enumerable.Range(0, 40).Select(DhtRig.Node));
        long sent = 0, received = 0;
        const int Seconds = 300;
        for (int i = 0; i < 100 * Seconds; i++)
        {
            NodeAddress forged = DhtRig.Address($"{20 + (i / 65_536)}.{(i / 256) % 256}.{i % 256}.9:6881");
            byte[] query = new KrpcWriter().WriteQuery(
                1, Stranger.Id, isReadOnly: true, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }).ToArray();
            _rig.Sent.Clear();
            _rig.Receive(query, forged);
            sent += query.Length;
            received += _rig.Sent.Where(one => one.Target == forged).Sum(one => one.Datagram.Length);
            if (i % 100 == 99)
                _rig.Pass(TimeSpan.FromSeconds(1));
        }

        double most = (Seconds + DhtLimits.DhtUnprovenBurst.TotalSeconds + 1) * DhtLimits.DhtUnprovenBytesPerSecond;
        Assert.InRange(received, sent / 2, sent + (long)most);

        // Whoever does receive our datagrams shows it when asked, and is answered in full.
        _rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }, isReadOnly: false);
        (byte[] ping, NodeAddress target) = Assert.Single(_rig.Sent, sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Query);
        _rig.Receive(_rig.AnswerTo(ping, Stranger.Id, default), target);
        byte[] answer = _rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!;
        Assert.Equal(8 * NodeInfo.V4Length, DhtRig.Read(answer).Nodes.Length);
    }

    /// <summary>A node of our table shows again and again that it receives, and anybody can ask in its name.</summary>
    [Fact]
    public void Whoever_asks_in_the_name_of_a_node_that_we_know_directs_little_more_at_it_than_he_sends()
    {
        NodeInfo[] known = [.. Enumerable.Range(0, 40).Select(DhtRig.Node)];
        _rig.Meet(known);
        NodeInfo victim = known[7];
        const int Seconds = 300;
        (long sent, long received) = Forge(victim.Address, known, Seconds);
        double most = (Seconds + DhtLimits.DhtProvenBurst.TotalSeconds + 1) * DhtLimits.DhtProvenBytesPerSecond;
        Assert.InRange(received, sent / 2, sent + (long)most);

        // The node itself is soon answered in full again.
        _rig.Pass(TimeSpan.FromSeconds(2));
        byte[] answer = _rig.Ask(victim, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!;
        Assert.Equal(8 * NodeInfo.V4Length, DhtRig.Read(answer).Nodes.Length);
    }

    [Fact]
    public void That_one_port_of_a_host_receives_says_nothing_of_its_others()
    {
        NodeInfo[] known = [.. Enumerable.Range(0, 40).Select(DhtRig.Node)];
        _rig.Meet(known);
        (long sent, long received) = Forge(known[7].Address.At(53), known, seconds: 30);
        Assert.InRange(received, sent / 2, sent + DhtLimits.DhtUnprovenCredit);
    }

    [Fact]
    public void Many_who_ask_behind_one_address_are_answered_in_full_once_each_has_shown_that_it_receives()
    {
        // They wait for places in a full table, which is no reason to ask them anything.
        _rig.Meet(Enumerable.Range(0, 400).Select(DhtRig.Node));
        int pings = 0, shortened = 0;
        for (int i = 0; i < 2 * DhtLimits.MaxDhtProofsPerHost; i++)
        {
            NodeInfo asker = new(DhtRig.IdOf(500 + i), Stranger.Address.At((ushort)(2000 + i)));
            pings += AskAndProve(asker);
            byte[] answer = _rig.Ask(asker, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!;
            bool isWhole = DhtRig.Read(answer).Nodes.Length == 8 * NodeInfo.V4Length;
            if (i % 10 == 9)
                _rig.Pass(TimeSpan.FromSeconds(1));
            Assert.True(isWhole || i >= DhtLimits.MaxDhtProofsPerHost, $"{i} is not answered in full");
            shortened += isWhole ? 0 : 1;
        }

        // However many endpoints are forged, few are asked; the table may ask a few more for its own sake.
        Assert.InRange(pings, DhtLimits.MaxDhtProofsPerHost, DhtLimits.MaxDhtProofsPerHost + DhtLimits.DhtBucketSize);
        Assert.InRange(shortened, 1, DhtLimits.MaxDhtProofsPerHost);
    }

    private int AskAndProve(NodeInfo asker)
    {
        _rig.Ask(asker, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }, isReadOnly: false);
        (byte[] Datagram, NodeAddress Target)[] asked = [.. _rig.Sent.Where(sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Query)];
        foreach ((byte[] ping, NodeAddress target) in asked)
            _rig.Receive(_rig.AnswerTo(ping, asker.Id, default), target);
        return asked.Length;
    }

    /// <summary>Sends twenty queries a second in the name of an address; the nodes that are known answer what they are asked.</summary>
    private (long Sent, long Received) Forge(NodeAddress sender, NodeInfo[] known, int seconds)
    {
        long sent = 0, received = 0;
        for (int i = 0; i < 20 * seconds; i++)
        {
            byte[] query = new KrpcWriter().WriteQuery(
                1, Stranger.Id, isReadOnly: true, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }).ToArray();
            _rig.Sent.Clear();
            _rig.Receive(query, sender);
            sent += query.Length;
            received += _rig.Sent.Where(one => one.Target == sender).Sum(one => one.Datagram.Length);
            _rig.Sent.Clear();
            _rig.Pass(TimeSpan.FromSeconds(0.05));
            _rig.Answer((asked, target) => known.FirstOrDefault(node => node.Address == target) is { Address.Port: not 0 } node
                ? _rig.AnswerTo(asked, node.Id, default)
                : null);
        }

        return (sent, received);
    }

    [Fact]
    public void A_flood_of_queries_from_one_host_is_not_answered()
    {
        for (int i = 0; i < 10 * DhtLimits.MaxDhtQueriesPerHost; i++)
            _rig.Receive("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", Stranger.Address);
        Assert.Equal(DhtLimits.MaxDhtQueriesPerHost, _rig.Sent.Count(sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Response));
        Assert.NotNull(_rig.Ask(DhtRig.Node(3), new KrpcQuery { Method = DhtMethod.Ping }));
        _rig.Pass(TimeSpan.FromSeconds(10));
        Assert.NotNull(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Ping }));
    }

    [Fact]
    public void A_flood_from_very_many_hosts_gets_no_more_than_the_budget()
    {
        for (int i = 0; i < 20_000; i++)
            _rig.Receive("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", DhtRig.Node(i).Address);
        Assert.InRange(_rig.Sent.Sum(sent => sent.Datagram.Length), 1, 2 * DhtLimits.DhtAnswerBytesPerSecond);
    }
}
