using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Tests.Dht;

/// <summary>Which nodes count among those that are closest to a target.</summary>
public class LookupTests
{
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);

    [Fact]
    public void Only_one_node_is_announced_to_in_a_network_that_has_all_places_next_to_the_target()
    {
        NodeInfo[] close = [.. Enumerable.Range(1, 8).Select(i =>
            new NodeInfo(Hash with { Low = Hash.Low ^ (uint)i }, DhtRig.Address($"9.9.9.{i}:6881")))];
        NodeInfo[] others = [.. Enumerable.Range(0, 8).Select(DhtRig.Node)];
        DhtRig rig = new();
        rig.Meet([.. others, .. close]);
        HashSet<NodeAddress> announced = [];
        rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, rig.Now);
        rig.Answer((query, target) =>
        {
            if (DhtRig.Read(query).Method == DhtMethod.AnnouncePeer)
                announced.Add(target);
            NodeInfo me = close.Concat(others).Single(node => node.Address == target);
            return rig.AnswerTo(query, me.Id, new KrpcAnswer { Nodes = close, Token = "token"u8 });
        });
        Assert.Single(announced, address => close.Any(node => node.Address == address));
        Assert.Equal(8, announced.Count);
    }

    [Theory]
    [InlineData("8.8.8.8", "8.8.8.200", true)]
    [InlineData("8.8.8.8", "8.8.9.8", false)]
    [InlineData("192.168.1.1", "192.168.1.2", false)]
    [InlineData("[2600:1:2:3::1]", "[2600:1:2:4::1]", true)]
    [InlineData("[2600:1:2:3::1]", "[2600:1:3:3::1]", false)]
    public void A_network_is_what_one_owner_is_likely_to_have_as_a_whole(string one, string other, bool areSame) =>
        Assert.Equal(areSame, DhtRig.Address(one + ":1").Network == DhtRig.Address(other + ":2").Network);

    [Fact]
    public void A_full_list_does_not_lose_a_close_node_to_a_farther_one()
    {
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        NodeInfo[] byDistance = [.. Enumerable.Range(0, 200).Select(Secure).OrderBy(node => node.Id.DistanceTo(Hash))];

        // The farthest comes first, so that each is asked before it turns out to be useless.
        foreach (NodeInfo node in byDistance[1..(DhtLimits.MaxDhtCandidates - 1)].Append(byDistance[^1]).Reverse())
        {
            lookup.Add(node, depth: 0);
            Candidate candidate = lookup.Next()!;
            lookup.OnAsked(candidate);
            lookup.OnAnswered(candidate, node.Id, "token"u8);
        }

        lookup.Add(byDistance[0], depth: 1);
        lookup.Add(byDistance[150], depth: 1);
        Assert.Equal(byDistance[0], lookup.Next()?.Info);
    }

    [Fact]
    public void Any_number_of_nodes_named_next_to_the_target_do_not_hide_those_whose_ids_match_their_addresses()
    {
        NodeInfo[] honest = [.. Enumerable.Range(0, 8).Select(Secure)];
        DhtRig rig = new();
        rig.Meet(honest);
        rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, rig.Now);
        HashSet<NodeAddress> announced = [];
        int asked = 0, made = 0;
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) =>
            {
                if (DhtRig.Read(query).Method == DhtMethod.AnnouncePeer)
                    announced.Add(target);
                NodeInfo[] madeUp = [.. Enumerable.Range(0, 8).Select(_ =>
                    new NodeInfo(Hash with { Low = Hash.Low ^ (uint)++made }, DhtRig.Node(1_000 + made).Address))];
                NodeInfo me = honest.FirstOrDefault(node => node.Address == target);
                asked += DhtRig.Read(query).Method is DhtMethod.GetPeers or DhtMethod.AnnouncePeer ? 1 : 0;
                return rig.AnswerTo(
                    query, me == default ? Hash with { Low = ~Hash.Low } : me.Id, new KrpcAnswer { Nodes = madeUp, Token = "token"u8 });
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Superset(honest.Select(node => node.Address).ToHashSet(), announced);
        Assert.InRange(asked, 16, 80);
    }

    [Theory]
    [InlineData(1, DhtLimits.MaxDhtUnconfirmedQueriesPerLookup + DhtLimits.DhtParallelQueries)]
    [InlineData(2, DhtLimits.MaxDhtQueriesPerLookup)]
    public void Nodes_that_name_ever_closer_ones_do_not_keep_a_lookup_going(int timesNamed, int most)
    {
        NodeInfo[] closer = [.. Enumerable.Range(1, 500).Select(Secure).OrderByDescending(node => node.Id.DistanceTo(Hash))];
        DhtRig rig = new();
        rig.Meet(closer[..8]);
        Assert.True(rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, rig.Now));
        int asked = 0;
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) =>
            {
                int me = Array.FindIndex(closer, node => node.Address == target);
                int first = Math.Min(8 + asked, closer.Length - timesNamed);
                asked++;
                NodeInfo[] named = closer[first..(first + timesNamed)];
                return rig.AnswerTo(query, closer[me].Id, new KrpcAnswer { Nodes = named });
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(most, Assert.Single(rig.Reports).Queries);
        Assert.Equal(1, rig.Machine.Status().LookupsCutShort);
    }

    /// <summary>Nodes that answer with another id than they were named by are heard, but take no place next to the target.</summary>
    [Fact]
    public void Eight_liars_that_answer_do_not_use_up_all_queries()
    {
        NodeInfo[] byDistance = [.. Enumerable.Range(0, 300).Select(Secure).OrderBy(node => node.Id.DistanceTo(Hash))];
        NodeInfo[] madeUp = byDistance[..128], liars = byDistance[140..148], honest = byDistance[200..208];
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        foreach (NodeInfo known in (NodeInfo[])[.. honest, .. liars])
            lookup.Add(known, depth: 0);
        HashSet<NodeInfo> asked = [];
        while (lookup.Next() is { } candidate)
        {
            asked.Add(candidate.Info);
            lookup.OnAsked(candidate);
            int liar = Array.IndexOf(liars, candidate.Info);
            if (madeUp.Contains(candidate.Info))
                lookup.OnFailed(candidate);
            else
                lookup.OnAnswered(candidate, liar < 0 ? candidate.Info.Id : Hash, "token"u8);
            foreach (NodeInfo named in liar < 0 ? [] : madeUp[(16 * liar)..(16 * (liar + 1))])
                lookup.Add(named, depth: 1, candidate.Info.Address);
        }

        Assert.Equal(DhtLimits.MaxDhtUnconfirmedQueriesPerLookup, madeUp.Count(asked.Contains));
        Assert.Equal(8, honest.Count(asked.Contains));
        Assert.True(lookup.IsDone && lookup.IsCutShort);
    }

    [Fact]
    public void A_lookup_that_has_asked_all_named_nodes_is_not_cut_short()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 8).Select(Secure)];
        DhtRig rig = new();
        rig.Meet(nodes);
        rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, rig.Now);
        rig.Answer((query, target) =>
            rig.AnswerTo(query, nodes.Single(node => node.Address == target).Id, new KrpcAnswer { Nodes = nodes }));
        Assert.Single(rig.Reports);
        Assert.Equal(0, rig.Machine.Status().LookupsCutShort);
    }

    [Fact]
    public void Addresses_that_six_liars_invent_in_the_network_of_a_node_do_not_keep_it_out_once_two_name_it()
    {
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        for (int i = 1; i <= 6; i++)
        {
            NodeInfo madeUp = new(Hash with { Low = Hash.Low ^ (uint)i }, DhtRig.Address($"8.0.1.{100 + i}:6881"));
            lookup.Add(madeUp, depth: 1, DhtRig.Node(100 + i).Address);
            Candidate candidate = lookup.Next()!;
            Assert.Equal(madeUp, candidate.Info);
            lookup.OnAsked(candidate);
            lookup.OnFailed(candidate);
        }

        NodeInfo honest = DhtRig.Node(0);
        Assert.Equal(DhtRig.Address("8.0.1.8:6881"), honest.Address);
        lookup.Add(honest, depth: 1, DhtRig.Node(200).Address);
        lookup.Add(honest, depth: 1, DhtRig.Node(200).Address);
        Assert.Null(lookup.Next());
        lookup.Add(honest, depth: 1, DhtRig.Node(201).Address);
        Assert.Equal(honest, lookup.Next()?.Info);
    }

    [Fact]
    public void Nodes_named_by_a_liar_do_not_push_out_those_that_we_know()
    {
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        NodeInfo[] byDistance =
            [.. Enumerable.Range(0, 2 * DhtLimits.MaxDhtCandidates).Select(Secure).OrderBy(node => node.Id.DistanceTo(Hash))];
        NodeInfo[] known = byDistance[^8..];
        foreach (NodeInfo node in known)
            lookup.Add(node, depth: 0);
        foreach (NodeInfo node in byDistance[..^8])
            lookup.Add(node, depth: 1, DhtRig.Node(500).Address);
        List<NodeInfo> asked = [];
        while (lookup.Next() is { } candidate)
        {
            asked.Add(candidate.Info);
            lookup.OnAsked(candidate);
            lookup.OnFailed(candidate);
        }

        Assert.Superset(known.ToHashSet(), asked.ToHashSet());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Invented_addresses_in_the_network_of_a_node_do_not_keep_it_out(bool isSecure)
    {
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        for (int i = 1; i <= 3; i++)
        {
            NodeInfo madeUp = new(Hash with { Low = Hash.Low ^ (uint)i }, DhtRig.Address($"8.0.1.{100 + i}:6881"));
            lookup.Add(madeUp, depth: 1, DhtRig.Node(100 + i).Address);
        }

        NodeInfo honest = isSecure ? Secure(0) : DhtRig.Node(0);
        Assert.Equal(DhtRig.Address("8.0.1.8:6881"), honest.Address);
        if (!isSecure)
        {
            while (lookup.Next() is { } madeUp)
            {
                lookup.OnAsked(madeUp);
                lookup.OnFailed(madeUp);
            }
        }

        lookup.Add(honest, depth: 1, DhtRig.Node(200).Address);
        Assert.Equal(honest, lookup.Next()?.Info);
    }

    [Fact]
    public void Of_the_nodes_that_one_names_only_one_in_each_network_is_asked()
    {
        NodeInfo teller = DhtRig.Node(1);
        NodeInfo[] named = [.. Enumerable.Range(1, 8).Select(i =>
            new NodeInfo(Hash with { Low = Hash.Low ^ (uint)i }, DhtRig.Address($"9.9.9.{i}:6881")))];
        DhtRig rig = new();
        rig.Meet([teller]);
        rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, rig.Now);
        HashSet<NodeAddress> asked = [];
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) =>
            {
                asked.Add(target);
                return target == teller.Address ? rig.AnswerTo(query, teller.Id, new KrpcAnswer { Nodes = named }) : null;
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([teller.Address, named[0].Address], asked);
    }

    [Fact]
    public void If_the_nodes_that_we_knew_are_gone_bootstrap_nodes_are_asked_for_others()
    {
        NodeInfo bootstrap = DhtRig.Node(100), other = DhtRig.Node(101);
        DhtRig rig = new();
        rig.Meet(Enumerable.Range(0, 8).Select(DhtRig.Node));
        rig.Machine.AddBeginnings([bootstrap.Address], BeginningKind.Named, rig.Now);
        rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, rig.Now);
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) => target == bootstrap.Address
                ? rig.AnswerTo(query, bootstrap.Id, new KrpcAnswer { Nodes = new[] { other }, Token = "token"u8 })
                : target == other.Address ? rig.AnswerTo(query, other.Id, new KrpcAnswer { Token = "token"u8 }) : null);
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((2, 2), (Assert.Single(rig.Reports).Answers, rig.Reports[0].Announced));
    }

    [Fact]
    public void Nodes_that_name_very_many_peers_do_not_hide_what_others_name_later()
    {
        NodeInfo[] closer = [.. Enumerable.Range(1, 50).Select(Secure).OrderByDescending(node => node.Id.DistanceTo(Hash))];
        NodeAddress right = DhtRig.Address("9.9.9.9:9");
        DhtRig rig = new();
        rig.Meet(closer[..8]);
        rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce: null, SearchUrgency.Lacking, rig.Now);
        int answered = 0;
        NodeAddress[] peers = [.. Enumerable.Range(0, 1_500).Select(i => DhtRig.Address($"7.{i / 200}.{i % 200}.7:7"))];
        rig.Answer((query, target) =>
        {
            int turn = answered++;
            return rig.AnswerTo(query, closer.Single(node => node.Address == target).Id, new KrpcAnswer
            {
                Nodes = closer.AsSpan(Math.Min(8 + turn, closer.Length - 1), 1),
                Values = turn < 15 ? peers.AsSpan(turn * 100, 100) : [right],
            });
        });
        Assert.True(answered > 16);
        Assert.Contains(right.ToEndPoint(), rig.Peers);
        Assert.InRange(rig.Peers.Count, 1_000, 1_000 + (8 * 16));
    }

    [Fact]
    public void Each_family_is_announced_to_with_its_own_port()
    {
        NodeInfo four = DhtRig.Node(1);
        NodeInfo six = new(DhtRig.IdOf(9), DhtRig.Address("[2001:db9::9]:6881"));
        DhtRig rig = new(new DhtMachineOptions { HasV6 = true });
        rig.Meet([four, six]);
        AnnounceAs announce = new(777, ImpliesPort: false, IsSeed: false) { OverV6 = (888, true) };
        rig.Machine.FindPeers(new SearchKey(1), Hash.ToInfoHash(), announce, SearchUrgency.Lacking, rig.Now);
        List<(NodeAddress, int, bool)> announced = [];
        rig.Answer((query, target) =>
        {
            KrpcMessage message = DhtRig.Read(query);
            if (message.Method == DhtMethod.AnnouncePeer)
                announced.Add((target, message.Port, message.ImpliesPort));
            return rig.AnswerTo(query, target == four.Address ? four.Id : six.Id, new KrpcAnswer { Token = "token"u8 });
        });
        Assert.Equal([(four.Address, 777, false), (six.Address, 888, true)], announced.OrderBy(one => one.Item2));
    }

    private static NodeInfo Secure(int number)
    {
        NodeAddress address = DhtRig.Node(number).Address;
        return new NodeInfo(SecureNodeId.Create(address, new Random(number)), address);
    }
}
