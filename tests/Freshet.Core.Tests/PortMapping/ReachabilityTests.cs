using System.Net;
using Freshet.Core.PortMapping;

namespace Freshet.Core.Tests.PortMapping;

public class ReachabilityTests
{
    private static readonly PortMappingStatus Mapped = new() { TcpPort = 6881, ExternalAddress = IPAddress.Parse("203.1.1.9") };

    [Theory]
    [InlineData(0.5, true, "a peer on the internet connected a moment ago")]
    [InlineData(59, true, "a peer on the internet connected 59 minutes ago")]
    [InlineData(61, null, "a peer on the internet connected 61 minutes ago")]
    [InlineData(5_000, null, "a peer on the internet connected 3 days ago")]
    public void A_peer_that_connected_lately_shows_that_others_can(double minutes, bool? isReachable, string reason)
    {
        ReachabilityStatus status = Reachability.Of(TimeSpan.FromMinutes(minutes), Mapped with { ExternalAddress = IPAddress.Loopback });
        Assert.Equal((isReachable, reason), (status.IsReachable, status.Reason));
        Assert.Equal(TimeSpan.FromMinutes(minutes), status.LastIncoming);
    }

    [Fact]
    public void A_mapped_port_alone_proves_nothing() => Assert.Equal(
        (null, "no peer on the internet has connected yet; the router leads its port 6881 to us"), Of(Mapped));

    [Fact]
    public void A_router_behind_another_cannot_be_reached() => Assert.Equal(
        (false, "the router leads its port 6881 to us, but its own address 192.168.0.2 is not public: another router stands between it "
            + "and the internet"),
        Of(Mapped with { ExternalAddress = IPAddress.Parse("192.168.0.2") }));

    [Fact]
    public void Trouble_with_the_router_is_reported()
    {
        PortMappingStatus trouble = new() { Trouble = "the router 10.0.0.1 maps no ports (UPnP): it does not answer" };
        Assert.Equal(
            (null, "no peer on the internet has connected yet; the router 10.0.0.1 maps no ports (UPnP): it does not answer"), Of(trouble));
        Assert.Equal((null, "no peer on the internet has connected yet"), Of(null));
    }

    private static (bool?, string) Of(PortMappingStatus? mapping)
    {
        ReachabilityStatus status = Reachability.Of(null, mapping);
        Assert.Null(status.LastIncoming);
        return (status.IsReachable, status.Reason);
    }
}
