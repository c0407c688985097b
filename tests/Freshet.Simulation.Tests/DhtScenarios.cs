using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Simulation.Dht;

namespace Freshet.Simulation.Tests;

/// <summary>
/// Whole DHTs. <c>FRESHET_DHT_NODES=10000</c> simulates one with that many nodes; by default it is small enough for every run.
/// </summary>
public class DhtScenarios(ITestOutputHelper output)
{
    private const int Hashes = 200;

    private static int LargeCount =>
        int.TryParse(Environment.GetEnvironmentVariable("FRESHET_DHT_NODES"), out int count) ? count : 1_000;

    // Ids are enforced only where a test says so. If no kind is given, each kind except Sybils makes up a quarter of the hostile nodes,
    // whose own ids always match their addresses.
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, nameof(SimDhtKind.Liar))]
    [InlineData(false, nameof(SimDhtKind.Sybil))]
    public void Stored_peers_are_found_even_if_a_fifth_is_hostile_and_a_fifth_has_been_replaced(bool enforcesIds, string? hostile) =>
        FindStoredPeers(enforcesIds, hostile, ignorantOfTen: 0, share: 0.99);

    /// <summary>So many in ten of the honest nodes know nothing of BEP 42, and those who attack do.</summary>
    [Theory]
    [InlineData(nameof(SimDhtKind.Liar), 5, 0.99)]
    [InlineData(nameof(SimDhtKind.Sybil), 5, 0.99)]
    [InlineData(nameof(SimDhtKind.CautiousSybil), 5, 0.95)]
    [InlineData(nameof(SimDhtKind.OrganizedSybil), 5, 0.85)]
    [InlineData(nameof(SimDhtKind.Liar), 9, 0.97)]
    public void They_are_found_even_if_the_ids_of_most_honest_nodes_do_not_match_their_addresses(
        string hostile, int ignorantOfTen, double share) => FindStoredPeers(enforcesIds: false, hostile, ignorantOfTen, share);

    private void FindStoredPeers(bool enforcesIds, string? hostile, int ignorantOfTen, double share)
    {
        int count = LargeCount;
        SimDhtKind? kind = hostile is null ? null : Enum.Parse<SimDhtKind>(hostile);
        SimDht dht = Grow(count, seed: 1, hostileShare: 5, enforcesIds, kind, ignorantOfTen);
        dht.Run(TimeSpan.FromMinutes(1));
        InfoHash[] hashes = [.. Enumerable.Range(0, Hashes).Select(_ => NewHash(dht))];
        Asked[] announced = [.. hashes.Select(hash => Ask(dht, hash, new AnnounceAs(NewPort(dht), ImpliesPort: false, IsSeed: false)))];
        RunUntilEnded(dht, announced);

        Churn(dht, count / 5, TimeSpan.FromMinutes(10), enforcesIds);
        (double sentBefore, double receivedBefore) = HonestTraffic(dht);
        dht.Run(TimeSpan.FromMinutes(10));
        (double sent, double received) = HonestTraffic(dht);

        Asked[] asked = [.. hashes.Select(hash => Ask(dht, hash, announce: null))];
        RunUntilEnded(dht, asked);
        int found = Enumerable.Range(0, Hashes).Count(i => asked[i].Found.Contains(announced[i].Peer));
        int[] rounds = [.. asked.Select(one => one.Report.Rounds).Order()];
        output.WriteLine(
            $"{count} nodes, hostile {hostile ?? "of all kinds"}, {ignorantOfTen} in ten honest ones with any id, "
            + $"ids {(enforcesIds ? "enforced" : "not enforced")}: "
            + $"{found} of {Hashes} found, rounds median {rounds[Hashes / 2]}, most {rounds[^1]}, queries "
            + $"{asked.Average(one => one.Report.Queries):F0}; at rest an honest node sends "
            + $"{(sent - sentBefore) * 6 / 1024:F0} and receives {(received - receivedBefore) * 6 / 1024:F0} KiB an hour; "
            + $"{dht.Datagrams} datagrams in all");
        Assert.True(found >= Hashes * share, $"only {found} of {Hashes} were found");
        Assert.True(rounds[^1] <= Math.Log2(count) + 4, $"a lookup took {rounds[^1]} rounds");
    }

    /// <summary>A fifth has been replaced just before, and nobody rests: another fifth is replaced while it is searched.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(nameof(SimDhtKind.Liar))]
    public void Stored_peers_are_found_while_nodes_come_and_go(string? hostile)
    {
        int count = LargeCount;
        SimDhtKind? kind = hostile is null ? null : Enum.Parse<SimDhtKind>(hostile);
        SimDht dht = Grow(count, seed: 5, hostileShare: 5, hostile: kind);
        dht.Run(TimeSpan.FromMinutes(1));
        InfoHash[] hashes = [.. Enumerable.Range(0, Hashes).Select(_ => NewHash(dht))];
        Asked[] announced = [.. hashes.Select(hash => Ask(dht, hash, new AnnounceAs(NewPort(dht), ImpliesPort: false, IsSeed: false)))];
        RunUntilEnded(dht, announced);

        Churn(dht, count / 5, TimeSpan.FromMinutes(10), enforcesIds: false);
        List<Asked> asked = [];
        int replaced = 0;
        for (int i = 0; i < Hashes; i++)
        {
            asked.Add(Ask(dht, hashes[i], announce: null));
            int more = ((i + 1) * (count / 5) / Hashes) - replaced;
            replaced += more;
            HashSet<SimDhtNode> searching = [.. asked.Where(static one => !one.HasEnded).Select(static one => one.Node)];
            Assert.NotEmpty(searching);
            Churn(dht, more, TimeSpan.FromMinutes(10) / Hashes, enforcesIds: false, searching);
        }

        RunUntilEnded(dht, [.. asked]);
        int found = Enumerable.Range(0, Hashes).Count(i => asked[i].Found.Contains(announced[i].Peer));
        int[] rounds = [.. asked.Select(one => one.Report.Rounds).Order()];
        output.WriteLine(
            $"{count} nodes, hostile {hostile ?? "of all kinds"}, {replaced} replaced during the searches: {found} of {Hashes} found, "
            + $"rounds median {rounds[Hashes / 2]}, most {rounds[^1]}, queries {asked.Average(one => one.Report.Queries):F0}");
        Assert.Equal(count / 5, replaced);
        Assert.True(found >= Hashes * 0.99, $"only {found} of {Hashes} were found");
        Assert.True(rounds[^1] <= Math.Log2(count) + 4, $"a lookup took {rounds[^1]} rounds");
    }

    // What one of the honest nodes has sent and received on average: hostile ones do not count what they make up.
    private static (double Sent, double Received) HonestTraffic(SimDht dht)
    {
        DhtStatus[] honest =
            [.. dht.Nodes.Where(static node => node.Kind == SimDhtKind.Honest).Select(static node => node.Machine.Status())];
        return (honest.Average(static status => status.BytesOut), honest.Average(static status => status.BytesIn));
    }

    [Fact]
    public void Nodes_that_change_to_an_id_for_their_address_are_found_by_it()
    {
        const int Count = 200;
        SimDht dht = new(seed: 3);
        for (int i = 0; i < Count; i++)
        {
            dht.Join(SimDhtKind.Honest, enforcesIds: false, SimDhtIds.New);
            dht.Run(TimeSpan.FromMilliseconds(100));
        }

        dht.Run(TimeSpan.FromMinutes(1));
        Asked[] asked = [.. Enumerable.Range(0, Hashes).Select(_ => Ask(dht, NewHash(dht), new AnnounceAs(NewPort(dht), false, false)))];
        RunUntilEnded(dht, asked);
        int named = dht.Nodes.Count(node => SecureNodeId.IsValid(node.Machine.Remember().Id!.Value, node.Address));
        double announced = asked.Average(one => one.Report.Announced);
        double answered = (double)asked.Sum(one => one.Report.Answers) / asked.Sum(one => one.Report.Queries - one.Report.Announced);
        output.WriteLine(
            $"{named} of {Count} have an id for their address; {answered:P1} of queries answered, announced to {announced:F1}");
        Assert.Equal(Count, named);
        Assert.True(announced >= 7.8, $"announced to {announced:F1} nodes");
    }

    [Fact]
    public void A_lookup_ends_even_if_nobody_answers_any_more()
    {
        SimDht dht = Grow(count: 50, seed: 2, hostileShare: 0);
        SimDhtNode last = dht.AnyHonest();
        foreach (SimDhtNode other in dht.Nodes.Where(node => node != last).ToArray())
            dht.Leave(other);
        SearchKey key = new(7);
        dht.Do(last, machine => machine.FindPeers(key, NewHash(dht), announce: null, SearchUrgency.Lacking, dht.Now));
        dht.Run(TimeSpan.FromMinutes(5), () => last.Reports.ContainsKey(key));
        Assert.Equal(0, last.Reports[key].Answers);
    }

    /// <summary>Most clients announce every 15 minutes, and what they announced counts for 30 (BEP 5).</summary>
    [Fact]
    public void A_session_announces_ten_thousand_torrents_in_half_an_hour()
    {
        const int Torrents = 1_000;
        SimDht dht = Grow(count: 300, seed: 4, hostileShare: 0);
        dht.Run(TimeSpan.FromMinutes(1));
        SimDhtNode node = dht.AnyHonest();
        Timestamp began = dht.Now;
        long sentBefore = node.Machine.Status().BytesOut;
        for (int next = 0; node.Reports.Count < Torrents; dht.Run(TimeSpan.FromSeconds(1)))
        {
            while (next < Torrents && TryAnnounce(dht, node, new SearchKey(next)))
                next++;
            Assert.True(dht.Now - began < TimeSpan.FromHours(1), $"only {node.Reports.Count} searches have ended in an hour");
        }

        TimeSpan ofTenThousand = (dht.Now - began) * 10_000 / Torrents;
        double kibibytes = (node.Machine.Status().BytesOut - sentBefore) / 1024.0 / (dht.Now - began).TotalSeconds;
        output.WriteLine($"10,000 torrents take {ofTenThousand.TotalMinutes:F1} minutes; the node sends {kibibytes:F0} KiB/s");
        Assert.All(node.Reports.Values, report => Assert.InRange(report.Announced, 6, 16));
        Assert.InRange(ofTenThousand, TimeSpan.Zero, TimeSpan.FromMinutes(30));
    }

    private static bool TryAnnounce(SimDht dht, SimDhtNode node, SearchKey key)
    {
        bool isQueued = false;
        AnnounceAs announce = new(NewPort(dht), ImpliesPort: false, IsSeed: true);
        dht.Do(node, machine => isQueued = machine.FindPeers(key, NewHash(dht), announce, SearchUrgency.Routine, dht.Now));
        return isQueued;
    }

    private static SimDht Grow(
        int count, int seed, int hostileShare, bool enforcesIds = false, SimDhtKind? hostile = null, int ignorantOfTen = 0)
    {
        SimDht dht = new(seed);
        for (int i = 0; i < count; i++)
        {
            SimDhtKind kind = KindOf(i, hostileShare, hostile);
            bool isIgnorant = kind == SimDhtKind.Honest && ignorantOfTen > 0 && dht.Random.Next(10) < ignorantOfTen;
            dht.Join(kind, enforcesIds, isIgnorant ? SimDhtIds.Any : SimDhtIds.Matching);
            dht.Run(TimeSpan.FromMilliseconds(100));
        }

        return dht;
    }

    private static SimDhtKind KindOf(int index, int hostileShare, SimDhtKind? hostile)
    {
        if (hostileShare == 0 || index % hostileShare != hostileShare - 1)
            return SimDhtKind.Honest;
        if (hostile is { } all)
            return all;
        return (index / hostileShare % 4) switch
        {
            0 => SimDhtKind.Silent,
            1 => SimDhtKind.Reflector,
            2 => SimDhtKind.Garbler,
            _ => SimDhtKind.Liar,
        };
    }

    private static void Churn(SimDht dht, int count, TimeSpan time, bool enforcesIds, HashSet<SimDhtNode>? staying = null)
    {
        for (int i = 0; i < count; i++)
        {
            SimDhtNode leaver = dht.Nodes[dht.Random.Next(dht.Nodes.Count)];
            while (staying?.Contains(leaver) == true)
                leaver = dht.Nodes[dht.Random.Next(dht.Nodes.Count)];
            dht.Leave(leaver);
            dht.Join(leaver.Kind, enforcesIds, leaver.Ids);
            dht.Run(time / count);
        }
    }

    private static InfoHash NewHash(SimDht dht)
    {
        byte[] bytes = new byte[InfoHash.Length];
        dht.Random.NextBytes(bytes);
        return new InfoHash(bytes);
    }

    private static ushort NewPort(SimDht dht) => (ushort)dht.Random.Next(1, 65536);

    private static Asked Ask(SimDht dht, InfoHash hash, AnnounceAs? announce)
    {
        Asked asked = new(dht.AnyHonest(), new SearchKey(dht.Random.NextInt64()), announce?.Port ?? 0);
        dht.Do(asked.Node, machine => machine.FindPeers(asked.Key, hash, announce, SearchUrgency.Lacking, dht.Now));
        return asked;
    }

    private static void RunUntilEnded(SimDht dht, Asked[] asked)
    {
        foreach (Asked one in asked)
            dht.Run(TimeSpan.FromMinutes(3), () => one.HasEnded);
        Assert.All(asked, one => Assert.True(one.HasEnded, "a search did not end within three minutes"));
    }

    /// <summary>A search that a node was asked to make.</summary>
    private sealed record Asked(SimDhtNode Node, SearchKey Key, ushort Port)
    {
        public bool HasEnded => Node.Reports.ContainsKey(Key);

        public SearchReport Report => Node.Reports[Key];

        public HashSet<IPEndPoint> Found => Node.Found.GetValueOrDefault(Key) ?? [];

        public IPEndPoint Peer => new(Node.Address.ToEndPoint().Address, Port);
    }
}
