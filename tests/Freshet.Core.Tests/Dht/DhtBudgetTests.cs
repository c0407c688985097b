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

    [Fact]
    public void Many_who_ask_behind_one_address_are_answered_in_full_once_it_has_shown_that_it_receives()
    {
        // They wait for places in a full table, which is no reason to ask them anything.
        _rig.Meet(Enumerable.Range(0, 400).Select(DhtRig.Node));
        int pings = 0, lastNodes = 0;
        for (int i = 0; i < 100; i++)
        {
            NodeInfo asker = new(DhtRig.IdOf(500 + i), Stranger.Address.At((ushort)(2000 + i)));
            byte[] answer = _rig.Ask(asker, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash }, isReadOnly: false)!;
            lastNodes = DhtRig.Read(answer).Nodes.Length / NodeInfo.V4Length;
            (byte[] Datagram, NodeAddress Target)[] asked = [.. _rig.Sent.Where(sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Query)];
            pings += asked.Length;
            foreach ((byte[] ping, NodeAddress target) in asked)
                _rig.Receive(_rig.AnswerTo(ping, asker.Id, default), target);
        }

        Assert.Equal(8, lastNodes);
        Assert.InRange(pings, 1, 20);
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
