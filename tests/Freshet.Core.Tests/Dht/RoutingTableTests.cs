using Freshet.Core.Dht;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

public class RoutingTableTests
{
    private static readonly NodeId Own = new(1, 2, 3);
    private static readonly Timestamp Now = new(1);
    private static readonly Timestamp Later = Now + TimeSpan.FromMinutes(2);
    private readonly RoutingTable _table = new(Own);

    [Fact]
    public void A_full_bucket_keeps_its_nodes_and_the_latest_others_as_spares()
    {
        for (int i = 0; i < 30; i++)
            _table.OnAnswered(Far(i), Now);
        Assert.Equal((8, 8), (_table.Count, _table.Spares));
        Assert.Equal(Enumerable.Range(0, 8).Select(Far), Nodes());
    }

    [Fact]
    public void A_node_that_fails_is_replaced_by_the_latest_spare()
    {
        for (int i = 0; i < 12; i++)
            _table.OnAnswered(Far(i), Now);
        _table.OnFailed(Far(3));
        Assert.Contains(Far(3), Nodes());
        _table.OnFailed(Far(3));
        Assert.DoesNotContain(Far(3), Nodes());
        Assert.Contains(Far(11), Nodes());
        Assert.Equal((8, 3), (_table.Count, _table.Spares));
    }

    [Fact]
    public void Without_a_spare_a_node_that_fails_is_kept_for_a_while_but_not_named_to_others()
    {
        _table.OnAnswered(Far(1), Now);
        _table.OnFailed(Far(1));
        _table.OnFailed(Far(1));
        Assert.Equal(1, _table.Count);
        Assert.Equal(0, _table.Closest(Own, new NodeInfo[8]));
        _table.OnAnswered(Far(1), Now);
        Assert.Equal(1, _table.Closest(Own, new NodeInfo[8]));
        for (int i = 0; i < 6; i++)
            _table.OnFailed(Far(1));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_host_has_one_node_whatever_its_ports_and_ids()
    {
        NodeAddress address = DhtRig.Address("8.8.8.8:1000");
        _table.OnAnswered(new NodeInfo(DhtRig.IdOf(1), address), Now);
        for (int i = 2; i < 50; i++)
            _table.OnAnswered(new NodeInfo(DhtRig.IdOf(i), address.At((ushort)(1000 + i))), Now);
        Assert.Equal([new NodeInfo(DhtRig.IdOf(1), address)], Nodes());
    }

    [Fact]
    public void A_network_has_one_node_in_a_bucket_and_another_once_that_one_fails()
    {
        NodeInfo[] neighbours = [.. Enumerable.Range(1, 50).Select(i => Far(i) with { Address = DhtRig.Address($"9.9.9.{i}:6881") })];
        foreach (NodeInfo neighbour in neighbours)
            _table.OnAnswered(neighbour, Now);
        Assert.Equal((1, 0), (_table.Count, _table.Spares));
        Assert.False(_table.IsWanted(neighbours[1], Later));
        _table.OnFailed(neighbours[0]);
        _table.OnFailed(neighbours[0]);
        Assert.True(_table.IsWanted(neighbours[1], Later));
        _table.OnAnswered(neighbours[1], Later);
        Assert.Equal([neighbours[1]], Nodes());
    }

    [Fact]
    public void A_node_that_has_changed_its_id_is_moved()
    {
        NodeInfo changed = DhtRig.Node(1) with { Id = DhtRig.IdOf(2) };
        _table.OnAnswered(DhtRig.Node(1), Now);
        Assert.True(_table.IsWanted(changed, Later));
        _table.OnAsked(changed.Address, Later);
        Assert.False(_table.IsWanted(changed, Later));
        _table.OnAnswered(changed, Later);
        Assert.Equal([changed], Nodes());
    }

    [Fact]
    public void A_node_with_a_different_id_each_time_is_named_to_nobody_and_removed()
    {
        for (int i = 1; i <= 3; i++)
            _table.OnAnswered(DhtRig.Node(1) with { Id = DhtRig.IdOf(i) }, Now);
        Assert.Equal(0, _table.Closest(Own, new NodeInfo[8]));
        for (int i = 4; i <= 7; i++)
            _table.OnAnswered(DhtRig.Node(1) with { Id = DhtRig.IdOf(i) }, Now);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_are_one_host()
    {
        for (int i = 1; i < 50; i++)
            _table.OnAnswered(new NodeInfo(DhtRig.IdOf(i), DhtRig.Address($"[2001:db9:0:1::{i}]:6881")), Now);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void An_id_cannot_be_taken_over_from_elsewhere()
    {
        _table.OnAnswered(DhtRig.Node(1), Now);
        _table.OnAnswered(DhtRig.Node(1) with { Address = DhtRig.Address("9.9.9.9:1") }, Now);
        Assert.Equal([DhtRig.Node(1)], Nodes());
    }

    [Fact]
    public void The_closest_nodes_are_returned_in_order()
    {
        for (int i = 0; i < 200; i++)
            _table.OnAnswered(DhtRig.Node(i), Now);
        NodeId target = DhtRig.IdOf(77);
        var closest = new NodeInfo[8];
        Assert.Equal(8, _table.Closest(target, closest));
        Assert.Equal(Nodes().OrderBy(node => node.Id.DistanceTo(target)).Take(8), closest);
    }

    [Theory]
    [InlineData(7, NodeId.Bits, NodeId.Bits)]
    [InlineData(250, 7, 9)]
    [InlineData(4_000, 11, 13)]
    public void How_close_the_closest_node_usually_is_follows_from_how_close_our_neighbours_are(int nodes, int least, int most)
    {
        for (int i = 0; i < nodes; i++)
            _table.OnAnswered(DhtRig.Node(i), Now);
        Assert.InRange(_table.UsualPrefix, least, most);
    }

    [Fact]
    public void Our_own_id_is_never_in_it()
    {
        _table.OnAnswered(new NodeInfo(Own, DhtRig.Address("8.8.8.8:1")), Now);
        Assert.Equal(0, _table.Count);
        Assert.False(_table.IsWanted(new NodeInfo(Own, DhtRig.Address("8.8.8.8:1")), Now));
    }

    private NodeInfo[] Nodes() => [.. _table.Buckets.SelectMany(bucket => bucket.Bucket.Nodes).Select(node => node.Info)];

    // All in the bucket of ids that differ from ours in the first bit.
    private static NodeInfo Far(int number)
    {
        NodeInfo node = DhtRig.Node(number);
        return node with { Id = node.Id with { High = node.Id.High | (1UL << 63) } };
    }
}
