using System.Net;
using Freshet.Core.Trackers;
using Freshet.Discovery;

namespace Freshet.Tests.Discovery;

public class AnnounceAddressesTests
{
    private static readonly IPEndPoint V4 = new(IPAddress.Any, 6881);
    private static readonly IPEndPoint V6 = new(IPAddress.IPv6Any, 6882);

    [Fact]
    public void A_session_that_listens_on_both_families_announces_over_each() =>
        Assert.Equal([AnnounceFamily.IPv4, AnnounceFamily.IPv6], AnnounceAddresses.FamiliesOf([V4, V6]));

    [Fact]
    public void A_session_that_is_bound_to_one_address_announces_once()
    {
        Assert.Equal([AnnounceFamily.Any], AnnounceAddresses.FamiliesOf([V4]));
        Assert.Equal([AnnounceFamily.Any], AnnounceAddresses.FamiliesOf([V6]));
        Assert.Equal([AnnounceFamily.Any], AnnounceAddresses.FamiliesOf([]));
    }

    [Fact]
    public void Each_family_is_announced_with_its_own_listening_port()
    {
        Assert.Equal(6881, AnnounceAddresses.PortOf([V4, V6], AnnounceFamily.IPv4));
        Assert.Equal(6882, AnnounceAddresses.PortOf([V4, V6], AnnounceFamily.IPv6));
        Assert.Equal(6882, AnnounceAddresses.PortOf([V6], AnnounceFamily.Any));
        Assert.Equal(0, AnnounceAddresses.PortOf([], AnnounceFamily.Any));
    }
}
