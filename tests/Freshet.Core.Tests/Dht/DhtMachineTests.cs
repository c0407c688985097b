using System.Net;
using System.Text;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Tests.Dht;

public class DhtMachineTests
{
    private static readonly NodeInfo Stranger = DhtRig.Node(1_000);
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);
    private readonly DhtRig _rig = new();

    [Fact]
    public void A_query_is_answered_with_the_closest_nodes()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 40).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        KrpcMessage answer = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!);
        Assert.Equal(8 * NodeInfo.V4Length, answer.Nodes.Length);
        Assert.Equal(nodes.MinBy(node => node.Id.DistanceTo(Hash)), NodeInfo.Read(answer.Nodes[..NodeInfo.V4Length]));
        Assert.Equal(Stranger.Address, answer.SeenAs);
    }

    [Fact]
    public void Who_only_asks_is_not_in_the_table_before_it_has_answered()
    {
        Assert.NotNull(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Ping }, isReadOnly: false));
        Assert.Equal(0, _rig.Machine.Status().Nodes);
        (byte[] ping, _) = Assert.Single(_rig.Sent, sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Query);
        _rig.Receive(_rig.AnswerTo(ping, Stranger.Id, default), Stranger.Address);
        Assert.Equal(1, _rig.Machine.Status().Nodes);
    }

    [Fact]
    public void A_read_only_asker_is_answered_and_not_asked()
    {
        Assert.NotNull(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Ping }, isReadOnly: true));
        Assert.DoesNotContain(_rig.Sent, sent => DhtRig.KindOf(sent.Datagram) == KrpcKind.Query);
    }

    [Fact]
    public void A_read_only_node_says_so_and_answers_nobody()
    {
        DhtRig rig = new(new DhtMachineOptions { IsReadOnly = true });
        Assert.Null(rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Ping }));
        rig.Machine.AddBeginnings([DhtRig.Node(1).Address], BeginningKind.Named, rig.Now);
        Assert.True(DhtRig.Read(Assert.Single(rig.Sent).Datagram).IsReadOnly);
    }

    [Fact]
    public void A_peer_that_announces_is_found_by_who_asks_next()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Assert.Equal(KrpcKind.Response, DhtRig.KindOf(Announce(Stranger, token, port: 4242)!));
        KrpcMessage answer = DhtRig.Read(_rig.Ask(DhtRig.Node(7), new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!);
        Assert.Equal(
            $"l6:{Encoding.Latin1.GetString(Compact(Stranger.Address.At(4242)))}e", Encoding.Latin1.GetString(answer.Values));
    }

    [Fact]
    public void With_an_implied_port_the_one_counts_that_the_announce_came_from()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Announce(Stranger, token, port: 0, impliesPort: true);
        KrpcMessage answer = DhtRig.Read(_rig.Ask(DhtRig.Node(7), new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!);
        Assert.EndsWith(Encoding.Latin1.GetString(Compact(Stranger.Address)) + "e", Encoding.Latin1.GetString(answer.Values));
    }

    [Fact]
    public void Port_0_is_refused()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Assert.Equal(203, DhtRig.Read(Announce(Stranger, token, port: 0)!).ErrorCode);
        Assert.Equal(0, _rig.Machine.Status().StoredPeers);
    }

    [Fact]
    public void A_token_that_another_host_replays_is_refused()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Assert.Equal(203, DhtRig.Read(Announce(DhtRig.Node(8), token, port: 4242)!).ErrorCode);
        Assert.Equal(0, _rig.Machine.Status().StoredPeers);
    }

    /// <summary>Strict clients take an answer without the key for malformed.</summary>
    [Fact]
    public void Who_asks_a_node_that_knows_none_is_told_so()
    {
        byte[] answer = _rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!;
        Assert.Contains("5:nodes0:", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("nodes6", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
        byte[] pong = _rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Ping })!;
        Assert.DoesNotContain("nodes", Encoding.Latin1.GetString(pong), StringComparison.Ordinal);
    }

    /// <summary>A node that knows nothing of items is as good as any other.</summary>
    [Fact]
    public void Nodes_that_refuse_what_not_all_can_do_stay_and_those_that_refuse_everything_go()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 5).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(_rig.Machine.FindItem(new SearchKey(i), Hash, new ItemSearch(default, default), _rig.Now));
            RefuseAll(KrpcError.MethodUnknown);
        }

        Assert.Equal(nodes.Length, Named());
        for (int i = 10; i < 13; i++)
        {
            Assert.True(_rig.Machine.FindPeers(new SearchKey(i), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, _rig.Now));
            RefuseAll(KrpcError.Server);
        }

        Assert.Equal(0, Named());
    }

    private int Named() =>
        DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!).Nodes.Length / NodeInfo.V4Length;

    private void RefuseAll(KrpcError code) => _rig.Answer(
        (query, _) => new KrpcWriter().WriteError(DhtRig.Read(query).Transaction, code, "no").ToArray());

    [Fact]
    public void A_query_of_ours_that_is_reflected_counts_as_no_answer()
    {
        _rig.Machine.AddBeginnings([DhtRig.Node(1).Address], BeginningKind.Named, _rig.Now);
        byte[] query = Assert.Single(_rig.Sent).Datagram;
        _rig.Receive(query, DhtRig.Node(1).Address);
        _rig.Receive(
            Encoding.Latin1.GetString(query).Replace("1:y1:qe", "1:y1:re", StringComparison.Ordinal), DhtRig.Node(1).Address);
        Assert.Single(_rig.Sent);
        Assert.Equal(0, _rig.Machine.Status().Nodes);
        Assert.DoesNotContain(_rig.Machine.Remember().Nodes, node => node.Address == DhtRig.Node(1).Address);
    }

    [Fact]
    public void An_answer_from_another_port_is_none()
    {
        NodeInfo node = DhtRig.Node(1);
        _rig.Machine.AddBeginnings([node.Address], BeginningKind.Named, _rig.Now);
        byte[] query = Assert.Single(_rig.Sent).Datagram;
        _rig.Receive(_rig.AnswerTo(query, node.Id, default), node.Address.At(9));
        _rig.Receive(_rig.AnswerTo(query, node.Id, default), DhtRig.Node(2).Address);
        Assert.Equal((0, 2), (_rig.Machine.Status().Nodes, _rig.Machine.Status().Dropped));
        _rig.Receive(_rig.AnswerTo(query, node.Id, default), node.Address);
        Assert.Equal(1, _rig.Machine.Status().Nodes);
    }

    [Fact]
    public void One_answer_counts_once()
    {
        NodeInfo node = DhtRig.Node(1);
        _rig.Machine.AddBeginnings([node.Address], BeginningKind.Named, _rig.Now);
        byte[] answer = _rig.AnswerTo(Assert.Single(_rig.Sent).Datagram, node.Id, default);
        _rig.Receive(answer, node.Address);
        _rig.Receive(answer, node.Address);
        Assert.Equal(1, _rig.Machine.Status().Dropped);
    }

    [Fact]
    public void One_that_answers_with_another_id_is_used_but_not_announced_to_whatever_id_it_makes_up()
    {
        _rig.Meet([DhtRig.Node(1)]);
        _rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, _rig.Now);
        _rig.Answer((query, _) => _rig.AnswerTo(
            query, Hash with { Low = Hash.Low ^ 1 }, new KrpcAnswer { Values = [DhtRig.Address("5.6.7.8:9")], Token = "token"u8 }));
        Assert.Equal(0, Assert.Single(_rig.Reports).Announced);
        Assert.Equal([IPEndPoint.Parse("5.6.7.8:9")], _rig.Peers);
    }

    [Fact]
    public void One_that_answers_with_another_id_than_it_was_named_by_does_not_get_into_the_table()
    {
        NodeInfo teller = DhtRig.Node(1), liar = DhtRig.Node(2);
        NodeInfo named = liar with { Id = Hash with { Low = Hash.Low ^ 1 } };
        _rig.Meet([teller]);
        _rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, _rig.Now);
        int asked = 0;
        _rig.Answer((query, target) =>
        {
            asked += target == liar.Address ? 1 : 0;
            return _rig.AnswerTo(query, target == liar.Address ? liar.Id : teller.Id, new KrpcAnswer { Nodes = new[] { named } });
        });
        Assert.Equal((1, 1), (asked, _rig.Machine.NodeCount));
    }

    [Fact]
    public void One_that_has_changed_its_id_is_told_to_others_by_the_new_one_as_soon_as_it_asks_and_announced_to_once_named_by_it()
    {
        NodeInfo other = DhtRig.Node(1);
        NodeInfo before = DhtRig.Node(2);
        NodeInfo after = before with { Id = DhtRig.IdOf(3) };
        _rig.Meet([other, before, after]);
        KrpcMessage told = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = after.Id })!);
        Assert.Equal((after, 2 * NodeInfo.V4Length), (NodeInfo.Read(told.Nodes[..NodeInfo.V4Length]), told.Nodes.Length));

        // Somebody names it by its old id, and then by its new one.
        _rig.Sent.Clear();
        DhtRig rig = new();
        rig.Meet([other]);
        rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, rig.Now);
        List<NodeAddress> announced = [];
        rig.Answer((query, target) =>
        {
            if (DhtRig.Read(query).Method == DhtMethod.AnnouncePeer)
                announced.Add(target);
            return rig.AnswerTo(
                query, target == other.Address ? other.Id : after.Id, new KrpcAnswer { Nodes = [before, after], Token = "token"u8 });
        });
        Assert.Equal([other.Address, after.Address], announced.OrderBy(address => address.ToString()));
    }

    [Fact]
    public void A_node_that_takes_an_id_for_its_address_makes_itself_known_by_it()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 12).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        NodeId before = _rig.Machine.Remember().Id!.Value;
        _rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, _rig.Now);
        _rig.Answer((query, target) =>
        {
            NodeAddress ours = DhtRig.Address("203.0.112.9:6881");
            return _rig.AnswerTo(query, nodes.Single(node => node.Address == target).Id, new KrpcAnswer { SeenAs = ours });
        });
        NodeId after = _rig.Machine.Remember().Id!.Value;
        Assert.NotEqual(before, after);
        _rig.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Contains(_rig.Sent, sent => DhtRig.Read(sent.Datagram) is { Method: DhtMethod.FindNode } query && query.Target == after);
        Assert.All(_rig.Sent, sent => Assert.Equal(after, DhtRig.Read(sent.Datagram).Id));
    }

    [Fact]
    public void A_search_asks_ever_closer_nodes_gives_their_peers_and_announces_us_to_the_closest()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 200).Select(DhtRig.Node)];
        NodeInfo[] closest = [.. nodes.OrderBy(node => node.Id.DistanceTo(Hash)).Take(8)];
        HashSet<NodeAddress> announced = [];
        _rig.Meet(nodes.Take(3));
        _rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: true), SearchUrgency.Lacking, _rig.Now);
        _rig.Answer((query, target) =>
        {
            KrpcMessage asked = DhtRig.Read(query);
            NodeInfo me = nodes.Single(node => node.Address == target);
            if (asked.Method == DhtMethod.AnnouncePeer)
            {
                Assert.Equal((777, true), (asked.Port, asked.IsSeed));
                Assert.Equal(Encoding.ASCII.GetBytes("token" + me.Id), asked.Token.ToArray());
                announced.Add(target);
                return _rig.AnswerTo(query, me.Id, default);
            }

            // Each knows those that are about as much closer as a table would have them.
            int rank = nodes.Count(node => node.Id.DistanceTo(Hash).CompareTo(me.Id.DistanceTo(Hash)) < 0);
            NodeInfo[] known = [.. nodes.OrderBy(node => node.Id.DistanceTo(Hash)).Skip(rank / 2).Take(8)];
            return _rig.AnswerTo(query, me.Id, new KrpcAnswer
            {
                Nodes = known,
                Token = Encoding.ASCII.GetBytes("token" + me.Id),
                Values = me == closest[0] ? [DhtRig.Address("5.6.7.8:9"), DhtRig.Address("127.0.0.1:9"), DhtRig.Address("5.6.7.8:0")] : [],
            });
        });
        Assert.Equal([IPEndPoint.Parse("5.6.7.8:9")], _rig.Peers);
        Assert.Equal(closest.Select(node => node.Address).ToHashSet(), announced);
        SearchReport report = Assert.Single(_rig.Reports);
        Assert.Equal((1, 8), (report.Peers, report.Announced));
        Assert.InRange(report.Queries, 16, 60);
    }

    [Fact]
    public void Announces_that_the_budget_does_not_allow_at_once_are_made_when_it_does()
    {
        const int Searches = 200;
        NodeInfo[] nodes = [.. Enumerable.Range(0, 30).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        for (int i = 0; i < Searches; i++)
        {
            AnnounceAs announce = new(777, ImpliesPort: false, IsSeed: false);
            Assert.True(_rig.Machine.FindPeers(
                new SearchKey(i), DhtRig.IdOf(6_000 + i).ToInfoHash(), announce, SearchUrgency.Lacking, _rig.Now));
        }

        for (int second = 0; second < 120; second++)
        {
            _rig.Answer((query, target) => _rig.AnswerTo(
                query, nodes.Single(node => node.Address == target).Id, new KrpcAnswer { Nodes = nodes.AsSpan(0, 8), Token = "token"u8 }));
            _rig.Pass(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(Searches, _rig.Reports.Count);

        // One that is closer than usual does not count among the eight of those that are not.
        Assert.All(_rig.Reports, report => Assert.InRange(report.Announced, 8, 9));
    }

    [Fact]
    public void Late_nodes_do_not_hold_up_a_search_and_silent_ones_end_it_in_ten_seconds()
    {
        _rig.Meet(Enumerable.Range(0, 30).Select(DhtRig.Node));
        _rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, _rig.Now);
        Assert.Equal(DhtLimits.DhtParallelQueries, _rig.Sent.Count);
        _rig.Pass(QueryBook.SlowAfter);
        Assert.Equal(2 * DhtLimits.DhtParallelQueries, _rig.Sent.Count);
        _rig.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Assert.Single(_rig.Reports).Answers);
    }

    [Fact]
    public void Where_ids_are_enforced_one_that_does_not_go_with_its_address_gets_nowhere()
    {
        DhtRig rig = new(new DhtMachineOptions { EnforcesIds = true });
        NodeAddress address = DhtRig.Address("8.8.8.8:6881");
        rig.Meet([new NodeInfo(DhtRig.IdOf(1), address)]);
        Assert.Equal(0, rig.Machine.Status().Nodes);
        rig.Meet([new NodeInfo(SecureNodeId.Create(address, new Random(1)), address)]);
        Assert.Equal(1, rig.Machine.Status().Nodes);
    }

    [Fact]
    public void An_id_that_goes_with_our_address_is_taken_when_most_nodes_agree_on_it()
    {
        NodeAddress ours = DhtRig.Address("203.0.112.9:0");
        string before = _rig.Machine.Status().Id!;
        foreach (NodeInfo node in Enumerable.Range(0, 12).Select(DhtRig.Node))
        {
            _rig.Machine.OnHint(node.Address, _rig.Now);
            _rig.Answer((query, _) => _rig.AnswerTo(query, node.Id, new KrpcAnswer { SeenAs = ours.At(6881) }));
        }

        Assert.NotEqual(before, _rig.Machine.Status().Id);
        Assert.True(SecureNodeId.IsValid(_rig.Machine.Remember().Id!.Value, ours));
        Assert.Equal(12, _rig.Machine.Status().Nodes);
    }

    [Fact]
    public void What_is_remembered_is_where_the_next_run_begins()
    {
        _rig.Meet(Enumerable.Range(0, 20).Select(DhtRig.Node));
        DhtMemory memory = _rig.Machine.Remember();
        Assert.True(DhtMemory.TryRead(memory.ToArray(), out DhtMemory read));
        Assert.InRange(memory.Nodes.Length, 8, 20);
        Assert.Equal((memory.Id, memory.Nodes.Length), (read.Id, read.Nodes.Length));
        DhtRig next = new(new DhtMachineOptions { Memory = read });
        next.Pass(TimeSpan.FromSeconds(1));
        Assert.NotEmpty(next.Sent);
        Assert.All(next.Sent, sent => Assert.Contains(sent.Target, memory.Nodes.Select(node => node.Address)));
        Assert.Equal(memory.Id?.ToString(), next.Machine.Status().Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d5:nodes3:abce")]
    [InlineData("d2:id20:abcdefghij0123456789")]
    [InlineData("le")]
    public void A_memory_that_makes_no_sense_is_nothing(string text) =>
        Assert.False(DhtMemory.TryRead(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void Routers_are_asked_at_the_beginning_and_stay_out_of_the_table()
    {
        NodeInfo router = DhtRig.Node(1);
        _rig.Machine.AddBeginnings([router.Address], BeginningKind.Router, _rig.Now);
        _rig.Answer((query, _) => _rig.AnswerTo(query, router.Id, default));
        Assert.Equal(0, _rig.Machine.Status().Nodes);
    }

    [Fact]
    public void Nodes_of_both_families_are_given_to_who_wants_them()
    {
        DhtRig rig = new(new DhtMachineOptions { HasV6 = true });
        NodeInfo six = new(DhtRig.IdOf(9), DhtRig.Address("[2001:db9::9]:6881"));
        rig.Meet([DhtRig.Node(1), six]);
        KrpcMessage both = DhtRig.Read(rig.Ask(
            Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash, Want = AddressFamilies.V4 | AddressFamilies.V6 })!);
        Assert.Equal((DhtRig.Node(1), six), (NodeInfo.Read(both.Nodes), NodeInfo.Read(both.Nodes6)));
        KrpcMessage own = DhtRig.Read(rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.FindNode, Target = Hash })!);
        Assert.Equal((NodeInfo.V4Length, 0), (own.Nodes.Length, own.Nodes6.Length));
    }

    [Fact]
    public void How_many_peers_there_are_is_told_to_who_has_shown_that_it_receives()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Announce(Stranger, token, port: 4242);
        byte[] expected = new byte[PeerFilter.Length];
        PeerFilter.Add(expected, Stranger.Address);
        KrpcQuery scrape = new() { Method = DhtMethod.GetPeers, Target = Hash, WantsScrape = true };
        KrpcMessage proven = DhtRig.Read(_rig.Ask(Stranger, scrape)!);
        Assert.Equal(expected, proven.PeerFilter.ToArray());
        Assert.Equal(new byte[PeerFilter.Length], proven.SeedFilter.ToArray());
        Assert.True(DhtRig.Read(_rig.Ask(DhtRig.Node(3), scrape)!).PeerFilter.IsEmpty);
        Assert.True(DhtRig.Read(_rig.Ask(Stranger, scrape with { WantsScrape = false })!).PeerFilter.IsEmpty);
    }

    [Fact]
    public void Info_hashes_are_sampled()
    {
        byte[] token = DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash })!).Token.ToArray();
        Announce(Stranger, token, port: 4242);
        KrpcQuery sample = new() { Method = DhtMethod.SampleInfohashes, Target = DhtRig.IdOf(1) };
        KrpcMessage answer = DhtRig.Read(_rig.Ask(Stranger, sample)!);
        Assert.Equal((1, Hash), (answer.SampleCount, new NodeId(answer.Samples)));
        Assert.InRange(answer.SampleInterval, 1, 21_600);
    }

    [Fact]
    public void A_search_finds_peers_and_counts_those_that_nodes_know_of_together_though_a_node_says_one_or_the_other()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 6).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        _rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, _rig.Now);
        _rig.Answer((query, target) =>
        {
            byte[] filter = new byte[PeerFilter.Length];
            PeerFilter.Add(filter, DhtRig.Address("5.6.7.8:9"));
            PeerFilter.Add(filter, target);

            // As libtorrent does: either peers or how many there are.
            KrpcAnswer answer = DhtRig.Read(query).WantsScrape
                ? new KrpcAnswer { Token = "token"u8, SeedFilter = filter }
                : new KrpcAnswer { Token = "token"u8, Values = [DhtRig.Address("5.6.7.8:9")] };
            return _rig.AnswerTo(query, nodes.Single(node => node.Address == target).Id, answer);
        });
        Assert.Equal("5.6.7.8:9", Assert.Single(_rig.Peers).ToString());
        Assert.Equal((7, null), (Assert.Single(_rig.Reports).Seeds, _rig.Reports[0].Leechers));
    }

    private byte[]? Announce(NodeInfo announcer, byte[] token, int port, bool impliesPort = false) => _rig.Ask(announcer, new KrpcQuery
    {
        Method = DhtMethod.AnnouncePeer,
        Target = Hash,
        Port = port,
        ImpliesPort = impliesPort,
        Token = token,
    });

    private static byte[] Compact(NodeAddress address)
    {
        byte[] bytes = new byte[address.CompactLength];
        address.Write(bytes);
        return bytes;
    }
}
