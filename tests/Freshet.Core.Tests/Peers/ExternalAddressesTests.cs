using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class ExternalAddressesTests
{
    private static readonly IPAddress Ours = IPAddress.Parse("203.0.113.7");
    private static readonly IPAddress Other = IPAddress.Parse("198.51.100.9");
    private readonly ExternalAddresses _addresses = new();

    [Fact]
    public void An_address_is_believed_when_a_few_networks_report_it_and_it_has_the_majority()
    {
        Hear(Other, "8.8.1.1", "8.8.1.2", "8.8.1.3");
        Hear(Ours, "8.8.2.1", "8.8.2.2", "8.8.2.3");
        Assert.Null(_addresses.Find(isV6: false));
        Hear(Ours, "8.8.2.4");
        ExternalAddressStatus believed = _addresses.Find(isV6: false)!;
        Assert.Equal((Ours, 4, 7, ExternalAddressSources.Dht), (believed.Address, believed.Votes, believed.Voters, believed.Sources));
    }

    [Fact]
    public void A_network_has_one_vote_and_its_last_one_counts()
    {
        for (int i = 0; i < 50; i++)
            Hear(Other, "8.8.1.1", "2001:db9::" + (i + 1).ToString("x", null));
        Assert.Null(_addresses.Find(isV6: false));
        Hear(Ours, "8.8.1.1", "2001:db9::ffff", "8.8.1.2", "8.8.1.3");
        Assert.Equal((Ours, 4), (_addresses.Find(isV6: false)!.Address, _addresses.Find(isV6: false)!.Voters));
    }

    [Fact]
    public void A_believed_address_stays_until_the_majority_reports_another()
    {
        Hear(Ours, "8.8.1.1", "8.8.1.2", "8.8.1.3", "8.8.1.4");
        Hear(Other, "8.8.2.1", "8.8.2.2", "8.8.2.3", "8.8.2.4");
        Assert.Equal(Ours, _addresses.Find(isV6: false)!.Address);
        Hear(Other, "8.8.2.5");
        Assert.Equal(Other, _addresses.Find(isV6: false)!.Address);
    }

    [Fact]
    public void Old_votes_give_way_so_that_a_new_address_is_believed_in_the_end()
    {
        Hear(Ours, [.. Enumerable.Range(0, 200).Select(i => $"8.8.3.{i}")]);
        Hear(Other, [.. Enumerable.Range(0, 33).Select(i => $"8.8.4.{i}")]);
        ExternalAddressStatus believed = _addresses.Find(isV6: false)!;
        Assert.Equal((Other, 33, PeerLimits.MaxAddressVotes), (believed.Address, believed.Votes, believed.Voters));
    }

    [Fact]
    public void The_routers_word_suffices_unless_most_others_report_another_address()
    {
        _addresses.Hear(Ours, ExternalAddressSources.Router, Origin.OfHost("router"));
        Assert.Equal(Ours, _addresses.Find(isV6: false)!.Address);
        Hear(Other, "8.8.1.1", "8.8.1.2", "8.8.1.3", "8.8.1.4");
        Assert.Equal(Other, _addresses.Find(isV6: false)!.Address);
    }

    [Theory]
    [InlineData("192.168.1.2")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    public void Addresses_that_are_not_public_are_believed_from_nobody(string address)
    {
        _addresses.Hear(IPAddress.Parse(address), ExternalAddressSources.Router, Origin.OfHost("router"));
        Assert.Null(_addresses.Find(isV6: false));
        Assert.Null(_addresses.Find(isV6: true));
    }

    [Fact]
    public void Each_family_has_its_own_address()
    {
        var ours6 = IPAddress.Parse("2001:db9::7");
        Hear(ours6, "8.8.1.1", "8.8.1.2", "8.8.1.3", "8.8.1.4");
        Hear(Ours.MapToIPv6(), "8.8.1.1", "8.8.1.2", "8.8.1.3", "8.8.1.4");
        Assert.Equal((Ours, ours6), (_addresses.Find(isV6: false)!.Address, _addresses.Find(isV6: true)!.Address));
    }

    [Fact]
    public void Internet_peers_see_the_public_address_and_local_peers_the_one_that_local_peers_report()
    {
        OwnAddress own = new(6881, _addresses);
        Hear(Ours, "8.8.1.1", "8.8.1.2", "8.8.1.3", "8.8.1.4");
        own.OnTold(IPAddress.Parse("192.168.1.2"), IPAddress.Parse("192.168.1.3"));
        own.OnTold(IPAddress.Parse("192.168.1.2"), IPAddress.Parse("192.168.1.4"));
        Assert.Equal(new IPEndPoint(Ours, 6881), own.SeenFrom(IPEndPoint.Parse("8.8.9.9:1")));
        Assert.Equal(IPEndPoint.Parse("192.168.1.2:6881"), own.SeenFrom(IPEndPoint.Parse("192.168.1.3:1")));
    }

    private void Hear(IPAddress address, params string[] voters)
    {
        foreach (string voter in voters)
            _addresses.Hear(address, ExternalAddressSources.Dht, Origin.OfNetwork(IPAddress.Parse(voter)));
    }
}
