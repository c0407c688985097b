using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class AddressScopesTests
{
    [Theory]
    [InlineData("1.1.1.1", nameof(AddressScope.Public))]
    [InlineData("172.15.255.255", nameof(AddressScope.Public))]
    [InlineData("172.32.0.0", nameof(AddressScope.Public))]
    [InlineData("223.255.255.255", nameof(AddressScope.Public))]
    [InlineData("2001:db8::1", nameof(AddressScope.Public))]
    [InlineData("2002:0808:0808::1", nameof(AddressScope.Public))]
    [InlineData("64:ff9b::8.8.8.8", nameof(AddressScope.Public))]
    [InlineData("10.0.0.1", nameof(AddressScope.Private))]
    [InlineData("172.16.0.0", nameof(AddressScope.Private))]
    [InlineData("172.31.255.255", nameof(AddressScope.Private))]
    [InlineData("192.168.1.1", nameof(AddressScope.Private))]
    [InlineData("100.64.0.0", nameof(AddressScope.Private))]
    [InlineData("100.100.100.200", nameof(AddressScope.Private))]
    [InlineData("198.19.0.1", nameof(AddressScope.Private))]
    [InlineData("fd00:ec2::254", nameof(AddressScope.Private))]
    [InlineData("fec0::1", nameof(AddressScope.Private))]
    [InlineData("::ffff:10.0.0.1", nameof(AddressScope.Private))]
    [InlineData("64:ff9b::192.168.0.1", nameof(AddressScope.Private))]
    [InlineData("64:ff9b:1::8.8.8.8", nameof(AddressScope.Private))]
    [InlineData("2002:0a00:0001::1", nameof(AddressScope.Private))]
    [InlineData("169.254.169.254", nameof(AddressScope.LinkLocal))]
    [InlineData("fe80::1", nameof(AddressScope.LinkLocal))]
    [InlineData("febf::1", nameof(AddressScope.LinkLocal))]
    [InlineData("127.0.0.1", nameof(AddressScope.Loopback))]
    [InlineData("127.255.0.1", nameof(AddressScope.Loopback))]
    [InlineData("0.0.0.0", nameof(AddressScope.Loopback))]
    [InlineData("::1", nameof(AddressScope.Loopback))]
    [InlineData("::", nameof(AddressScope.Loopback))]
    [InlineData("::ffff:127.0.0.1", nameof(AddressScope.Loopback))]
    [InlineData("::127.0.0.1", nameof(AddressScope.Loopback))]
    [InlineData("224.0.0.1", nameof(AddressScope.Unusable))]
    [InlineData("240.0.0.1", nameof(AddressScope.Unusable))]
    [InlineData("255.255.255.255", nameof(AddressScope.Unusable))]
    [InlineData("ff02::1", nameof(AddressScope.Unusable))]
    public void The_scope_of_an_address_is_read_from_its_bits(string address, string scope) =>
        Assert.Equal(scope, AddressScopes.Of(IPAddress.Parse(address)).ToString());

    [Theory]
    [InlineData("192.0.2.255", true)]
    [InlineData("192.0.3.0", false)]
    [InlineData("198.51.100.1", true)]
    [InlineData("198.51.101.1", false)]
    [InlineData("203.0.113.1", true)]
    [InlineData("203.0.114.1", false)]
    [InlineData("192.88.99.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("64:ff9b::203.0.113.1", true)]
    [InlineData("64:ff9b::8.8.8.8", false)]
    [InlineData("2002:c000:0201::1", true)]
    [InlineData("2002:0808:0808::1", false)]
    [InlineData("2001::1", true)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", true)]
    [InlineData("2001:1ff::1", true)]
    [InlineData("2001:200::1", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("3fff:fff::1", true)]
    [InlineData("3fff:1000::1", false)]
    [InlineData("2600::1", false)]
    [InlineData("100::1", true)]
    [InlineData("1fff::1", true)]
    [InlineData("4000::1", true)]
    [InlineData("8000::1", true)]
    public void Nobody_is_at_a_reserved_address(string address, bool expected) =>
        Assert.Equal(expected, AddressScopes.IsReserved(IPAddress.Parse(address).GetAddressBytes()));

    [Theory]
    [InlineData("1.1.1.1:1", true)]
    [InlineData("127.0.0.1:65535", true)]
    [InlineData("192.168.1.1:6881", true)]
    [InlineData("[fe80::1]:6881", true)]
    [InlineData("[::1]:6881", true)]
    [InlineData("1.1.1.1:0", false)]
    [InlineData("0.0.0.0:6881", false)]
    [InlineData("0.1.2.3:6881", false)]
    [InlineData("[::]:6881", false)]
    [InlineData("[::ffff:0.0.0.0]:6881", false)]
    [InlineData("224.0.0.1:6881", false)]
    [InlineData("240.0.0.1:6881", false)]
    [InlineData("[::ffff:240.0.0.1]:6881", false)]
    [InlineData("255.255.255.255:6881", false)]
    [InlineData("[ff02::1]:6881", false)]
    public void A_peer_can_be_dialled_at_any_port_and_address_that_somebody_can_have(string endPoint, bool expected)
    {
        IPEndPoint peer = IPEndPoint.Parse(endPoint);
        Assert.Equal(expected, AddressScopes.CanBeDialled(peer));
        Assert.Equal(expected, AddressScopes.CanBeDialled(peer.Address.GetAddressBytes(), peer.Port));
        Assert.Equal(expected, new PeerBook(new Random(1)).Add(peer, default));
    }
}
