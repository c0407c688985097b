using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Dht;

public class NodeIdTests
{
    // BEP 42, "test vectors": the last byte has the random bits.
    [Theory]
    [InlineData("124.31.75.21", "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401")]
    [InlineData("21.75.31.124", "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256")]
    [InlineData("65.23.51.170", "a5d43220bc8f112a3d426c84764f8c2a1150e616")]
    [InlineData("84.124.73.14", "1b0321dd1bb1fe518101ceef99462b947a01ff41")]
    [InlineData("43.213.53.83", "e56f6cbf5b7c4be0237986d5243b87aa6d51305a")]
    public void The_ids_of_the_vectors_match_only_their_own_addresses(string address, string hex)
    {
        NodeId id = Parse(hex);
        Assert.True(SecureNodeId.IsValid(id, NodeAddress.From(new IPEndPoint(IPAddress.Parse(address), 6881))));
        Assert.False(SecureNodeId.IsValid(id, NodeAddress.From(new IPEndPoint(IPAddress.Parse("84.124.73.99"), 6881))));
        Assert.False(SecureNodeId.IsValid(id with { High = id.High ^ (1UL << 43) }, NodeAddress.From(new(IPAddress.Parse(address), 6881))));
    }

    [Theory]
    [InlineData("203.1.2.3")]
    [InlineData("2001:db9:1:2:3::4")]
    public void An_id_that_is_made_for_an_address_matches_it(string address)
    {
        var random = new Random(3);
        NodeAddress ours = NodeAddress.From(new IPEndPoint(IPAddress.Parse(address), 1));
        for (int i = 0; i < 50; i++)
            Assert.True(SecureNodeId.IsValid(SecureNodeId.Create(ours, random), ours));
        Assert.True(Enumerable.Range(0, 50).Count(_ => SecureNodeId.IsValid(NodeId.Random(random), ours)) < 3);
    }

    [Fact]
    public void Any_id_is_valid_on_a_local_network() =>
        Assert.True(SecureNodeId.IsValid(NodeId.Random(new Random(4)), DhtRig.Address("192.168.1.4:6881")));

    [Fact]
    public void A_random_id_at_a_distance_shares_exactly_the_given_number_of_bits()
    {
        var random = new Random(5);
        NodeId id = NodeId.Random(random);
        for (int prefix = 0; prefix < NodeId.Bits; prefix++)
            Assert.Equal(prefix, id.CommonPrefix(id.RandomAt(prefix, random)));
        Assert.Equal(NodeId.Bits, id.CommonPrefix(id));
    }

    [Fact]
    public void Distances_are_ordered_as_numbers()
    {
        NodeId near = Parse("0000000000000000000000000000000000000001");
        NodeId far = Parse("0000000000000000000000010000000000000000");
        NodeId farthest = Parse("8000000000000000000000000000000000000000");
        Assert.True(near.CompareTo(far) < 0);
        Assert.True(far.CompareTo(farthest) < 0);
        Assert.Equal(farthest, near.DistanceTo(near.DistanceTo(farthest)));
    }

    private static NodeId Parse(string hex)
    {
        Assert.True(InfoHash.TryParseHex(hex, out InfoHash hash));
        return NodeId.Of(hash);
    }
}
