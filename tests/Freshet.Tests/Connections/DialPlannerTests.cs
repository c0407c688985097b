using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Tests.Connections;

public class DialPlannerTests
{
    private static readonly IPEndPoint Peer = IPEndPoint.Parse("80.1.2.3:6881");

    [Theory]
    [InlineData(EncryptionPolicy.Disabled, null, "plain")]
    [InlineData(EncryptionPolicy.Disabled, PeerEncryption.Full, "plain")]
    [InlineData(EncryptionPolicy.Allowed, null, "plain encrypted")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.None, "plain encrypted")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.Handshake, "encrypted plain")]
    [InlineData(EncryptionPolicy.Allowed, PeerEncryption.Full, "encrypted plain")]
    [InlineData(EncryptionPolicy.Preferred, null, "encrypted plain")]
    [InlineData(EncryptionPolicy.Preferred, PeerEncryption.None, "plain encrypted")]
    [InlineData(EncryptionPolicy.Preferred, PeerEncryption.Full, "encrypted plain")]
    [InlineData(EncryptionPolicy.Required, null, "encrypted")]
    [InlineData(EncryptionPolicy.Required, PeerEncryption.None, "encrypted")]
    public void Allowed_ways_are_tried_and_what_worked_before_comes_first(EncryptionPolicy policy, PeerEncryption? worked, string expected)
    {
        DialPlanner planner = new([PeerTransport.Tcp], new EncryptionOptions { Outgoing = policy });
        DialPlan plan = planner.For(
            Peer, new DialHint(worked is { } encryption ? new PeerWay(PeerTransport.Tcp, encryption) : null));
        Assert.Equal(expected, string.Join(' ', plan.Encrypted.Select(isEncrypted => isEncrypted ? "encrypted" : "plain")));
    }

    [Fact]
    public void The_transport_that_worked_before_has_a_longer_head_start()
    {
        DialPlanner planner = new([PeerTransport.Tcp, PeerTransport.Utp], new EncryptionOptions());
        Assert.Equal([PeerTransport.Tcp, PeerTransport.Utp], planner.For(Peer, default).Routes.Select(route => route.Transport));
        DialPlan plan = planner.For(Peer, new DialHint(new PeerWay(PeerTransport.Utp, PeerEncryption.None)));
        Assert.Equal([PeerTransport.Utp, PeerTransport.Tcp], plan.Routes.Select(route => route.Transport));
        Assert.Equal(TimeSpan.FromMilliseconds(ConnectionLimits.ProvenHeadStartMilliseconds), plan.Routes[0].HeadStart);
        Assert.Equal(TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds), plan.Routes[1].HeadStart);

        // There may be no such transport any more.
        DialPlanner only = new([PeerTransport.Tcp], new EncryptionOptions());
        plan = only.For(Peer, new DialHint(new PeerWay(PeerTransport.Utp, PeerEncryption.None)));
        Assert.Equal(PeerTransport.Tcp, Assert.Single(plan.Routes).Transport);
    }

    [Fact]
    public void What_others_say_about_a_peer_is_tried_first_unless_we_know_better()
    {
        DialPlanner planner = new([PeerTransport.Tcp, PeerTransport.Utp], new EncryptionOptions());
        const PeerExchangeFlags Told = PeerExchangeFlags.Utp | PeerExchangeFlags.PrefersEncryption;
        DialPlan plan = planner.For(Peer, new DialHint(Told: Told));
        Assert.Equal([PeerTransport.Utp, PeerTransport.Tcp], plan.Routes.Select(route => route.Transport));
        Assert.Equal(TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds), plan.Routes[0].HeadStart);
        Assert.Equal([true, false], plan.Encrypted);
        plan = planner.For(Peer, new DialHint(PeerWay.Plain, Told));
        Assert.Equal([PeerTransport.Tcp, PeerTransport.Utp], plan.Routes.Select(route => route.Transport));
        Assert.Equal([false, true], plan.Encrypted);
    }

    [Fact]
    public void Only_utp_goes_through_a_hole()
    {
        DialPlanner planner = new([PeerTransport.Tcp, PeerTransport.Utp], new EncryptionOptions());
        DialPlan plan = planner.For(Peer, new DialHint(PeerWay.Plain, IsPunched: true));
        Assert.Equal(PeerTransport.Utp, Assert.Single(plan.Routes).Transport);
        Assert.True(plan.IsUrgent);
        Assert.False(planner.For(Peer, new DialHint(PeerWay.Plain)).IsUrgent);
    }

    [Theory]
    [InlineData(false, false, PeerPath.Direct)]
    [InlineData(false, true, PeerPath.Hole)]
    [InlineData(true, false, PeerPath.Proxy)]
    [InlineData(true, true, PeerPath.Proxy)]
    public void It_is_known_what_a_dial_goes_through(bool isProxied, bool isPunched, PeerPath path)
    {
        DialPlanner planner = new([PeerTransport.Tcp, PeerTransport.Utp], new EncryptionOptions(), isProxied);
        Assert.Equal(path, planner.For(Peer, new DialHint(IsPunched: isPunched)).Path);
    }
}
