using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Tests.Dht;

/// <summary>Which nodes count among those closest to a target.</summary>
public class LookupTests
{
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);

    [Fact]
    public void Of_a_network_that_has_all_places_next_to_the_target_one_is_announced_to()
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
    public void A_network_is_what_one_owner_is_likely_to_have_whole(string one, string other, bool areSame) =>
        Assert.Equal(areSame, DhtRig.Address(one + ":1").Network == DhtRig.Address(other + ":2").Network);

    [Fact]
    public void A_full_list_does_not_lose_a_close_node_to_a_farther_one()
    {
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        NodeInfo[] byDistance = [.. Enumerable.Range(0, 200).Select(Secure).OrderBy(node => node.Id.DistanceTo(Hash))];

        // The farthest first, so that each is asked before it is known to be of no use.
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
    public void Any_number_of_nodes_that_are_named_next_to_the_target_do_not_hide_those_whose_ids_go_with_their_addresses()
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
                asked++;
                return rig.AnswerTo(
                    query, me == default ? Hash with { Low = ~Hash.Low } : me.Id, new KrpcAnswer { Nodes = madeUp, Token = "token"u8 });
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Superset(honest.Select(node => node.Address).ToHashSet(), announced);
        Assert.InRange(asked, 16, 100);
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
