using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;

namespace Freshet.Tests.Connections;

public class DialPlannerTests
{
    private static readonly IPEndPoint Peer = IPEndPoint.Parse("80.1.2.3:6881");

    [Theory]
    [InlineData(EncryptionPolicy.Disabled, null, "plain")]
    [InlineData(EncryptionPolicy.Disabled, PeerEncryption.Rc4, "plain")]
    [InlineData(EncryptionPolicy.Allowed, null, "plain encrypted")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.None, "plain encrypted")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.Handshake, "encrypted plain")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.Rc4, "encrypted plain")]
    [InlineData(EncryptionPolicy.Preferred, null, "encrypted plain")]
    [InlineData(EncryptionPolicy.Preferred, PeerEncryption.None, "plain encrypted")]
    [InlineData(EncryptionPolicy.Preferred, PeerEncryption.Rc4, "encrypted plain")]
    [InlineData(EncryptionPolicy.Required, null, "encrypted")]
    [InlineData(EncryptionPolicy.Required, PeerEncryption.None, "encrypted")]
    public void What_is_allowed_is_tried_what_worked_before_first(EncryptionPolicy policy, PeerEncryption? worked, string expected)
    {
        DialPlanner planner = new([PeerTransport.Tcp], new EncryptionOptions { Outgoing = policy });
        DialPlan plan = planner.For(Peer, worked is { } encryption ? new PeerWay(PeerTransport.Tcp, encryption) : null);
        Assert.Equal(expected, string.Join(' ', plan.Encrypted.Select(isEncrypted => isEncrypted ? "encrypted" : "plain")));
    }

    [Fact]
    public void The_transport_that_worked_before_has_a_longer_head_start()
    {
        DialPlanner planner = new([PeerTransport.Tcp, PeerTransport.Utp], new EncryptionOptions());
        Assert.Equal([PeerTransport.Tcp, PeerTransport.Utp], planner.For(Peer, null).Routes.Select(route => route.Transport));
        DialPlan plan = planner.For(Peer, new PeerWay(PeerTransport.Utp, PeerEncryption.None));
        Assert.Equal([PeerTransport.Utp, PeerTransport.Tcp], plan.Routes.Select(route => route.Transport));
        Assert.Equal(TimeSpan.FromMilliseconds(ConnectionLimits.ProvenHeadStartMilliseconds), plan.Routes[0].HeadStart);
        Assert.Equal(TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds), plan.Routes[1].HeadStart);

        // It may be that there is no such transport any more.
        DialPlanner only = new([PeerTransport.Tcp], new EncryptionOptions());
        Assert.Equal(
            PeerTransport.Tcp, Assert.Single(only.For(Peer, new PeerWay(PeerTransport.Utp, PeerEncryption.None)).Routes).Transport);
    }
}
