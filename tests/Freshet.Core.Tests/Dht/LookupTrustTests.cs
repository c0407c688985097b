using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

/// <summary>Honest nodes whose ids do not match their addresses, and whoever takes the places next to a target from them.</summary>
public class LookupTrustTests
{
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);

    /// <summary>In a network of 300 nodes, the closest has some eight bits in common with a target, and these have 128.</summary>
    [Fact]
    public void Nodes_that_are_closer_than_is_plausible_do_not_take_the_places_of_others()
    {
        DhtSide side = new(isV6: false, DhtRig.IdOf(1));
        for (int i = 0; i < 300; i++)
            side.Table.OnAnswered(DhtRig.Node(i), new Timestamp(1));
        NodeInfo[] honest = new NodeInfo[DhtLimits.DhtBucketSize];
        side.Table.Closest(Hash, honest);
        Lookup lookup = new(new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, side);
        foreach (NodeInfo known in honest)
            lookup.Add(known, depth: 0);
        for (int i = 1; i <= 100; i++)
            lookup.Add(new NodeInfo(Hash with { Low = Hash.Low ^ (uint)i }, DhtRig.Node(1_000 + i).Address), 1, honest[0].Address);

        int asked = 0;
        for (; lookup.Next() is { } candidate; asked++)
        {
            lookup.OnAsked(candidate);
            lookup.OnAnswered(candidate, candidate.Info.Id, "token"u8);
        }

        NodeInfo[] announced = [.. lookup.Announceable().Select(candidate => candidate.Info)];
        Assert.Superset(honest.ToHashSet(), announced.ToHashSet());
        Assert.Equal(2 * DhtLimits.DhtBucketSize, announced.Length);
        Assert.InRange(asked, announced.Length, 64);
    }

    /// <summary>
    /// Nodes next to whatever is sought must be named by somebody. Those who name each other there are known to others by ids of their own.
    /// </summary>
    [Fact]
    public void What_one_that_answers_with_another_id_names_does_not_take_the_places_of_others()
    {
        NodeInfo[] far = [.. Enumerable.Range(0, 20).Select(DhtRig.Node).Where(node => node.Id.CommonPrefix(Hash) <= 1)
            .OrderBy(node => node.Id.DistanceTo(Hash))];
        NodeInfo liar = far[0];
        NodeInfo[] honest = far[1..9];
        NodeInfo[] fellows = [.. Enumerable.Range(0, 100).Select(i =>
            new NodeInfo(Hash.RandomAt(5, new Random(i)), DhtRig.Node(1_000 + i).Address))];
        DhtRig rig = new();
        rig.Meet([.. honest, liar]);
        rig.Machine.FindPeers(
            new SearchKey(1), Hash.ToInfoHash(), new AnnounceAs(777, ImpliesPort: false, IsSeed: false), SearchUrgency.Lacking, rig.Now);
        HashSet<NodeAddress> announced = [];
        int asked = 0;
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) =>
            {
                if (DhtRig.Read(query).Method == DhtMethod.AnnouncePeer)
                    announced.Add(target);
                if (honest.FirstOrDefault(node => node.Address == target) is { } one && one != default)
                    return rig.AnswerTo(query, one.Id, new KrpcAnswer { Nodes = new[] { liar }, Token = "token"u8 });
                int first = 8 * (asked++ % 12);
                NodeId id = target == liar.Address
                    ? Hash.RandomAt(5, new Random(1_000)) : fellows.Single(node => node.Address == target).Id;
                return rig.AnswerTo(query, id, new KrpcAnswer { Nodes = fellows.AsSpan(first, 8), Token = "token"u8 });
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Superset(honest.Select(node => node.Address).ToHashSet(), announced);
        Assert.Contains(fellows, fellow => announced.Contains(fellow.Address));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_is_no_longer_doubted_once_one_that_is_not_doubted_names_it(bool isDoubtedFirst)
    {
        NodeInfo named = new(Hash.RandomAt(5, new Random(1)), DhtRig.Node(1).Address);
        Lookup lookup = new(
            new Search { Target = Hash, Kind = SearchKind.Peers, Urgency = SearchUrgency.Lacking }, new DhtSide(isV6: false, default));
        lookup.Add(named, 1, DhtRig.Node(2).Address, isDoubtedFirst);
        Assert.Equal(isDoubtedFirst ? IdTrust.Doubtful : IdTrust.Plausible, lookup.Next()!.Trust);
        lookup.Add(named, 1, DhtRig.Node(3).Address, !isDoubtedFirst);
        Assert.Equal(IdTrust.Plausible, lookup.Next()!.Trust);
    }
}
