using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class HolePunchRelayTests : HolePunchBench
{
    [Theory]
    [InlineData(PeerTransport.Tcp, "80.3.3.3:3333")]
    [InlineData(PeerTransport.Utp, "80.3.3.3:40000")]
    public void Two_peers_are_told_about_each_other(PeerTransport transport, string where)
    {
        PeerKey one = Connect("80.2.2.2:2222", PeerTransport.Utp);
        PeerKey other = Connect("80.3.3.3:40000", transport, listens: 3333);
        Receive(one, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));

        // Over uTP it is seen at the address where its router lets in packets for it.
        Assert.Equal([new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse(where))], Messages(one));
        Assert.Equal([new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse("80.2.2.2:2222"))], Messages(other));
        Assert.Empty(Rig.Effects.Dialled);
    }

    [Theory]
    [InlineData("80.9.9.9:9999", HolePunchError.NotConnected)]
    [InlineData("80.4.4.4:4444", HolePunchError.NoSupport)]
    [InlineData("80.2.2.2:2222", HolePunchError.NoSelf)]
    [InlineData("80.7.7.7:6881", HolePunchError.NoSelf)]
    [InlineData("80.3.3.3:0", HolePunchError.NoSuchPeer)]
    [InlineData("224.0.0.1:80", HolePunchError.NoSuchPeer)]
    [InlineData("10.0.0.9:6881", HolePunchError.NotConnected)]
    public void A_relay_that_is_impossible_is_answered_with_the_reason(string target, object error)
    {
        PeerKey asks = Connect("80.2.2.2:2222", PeerTransport.Utp);
        Connect("80.3.3.3:3333", PeerTransport.Utp);
        Connect("80.4.4.4:4444", PeerTransport.Utp, punches: false);
        Connect("10.0.0.9:6881", PeerTransport.Utp);
        LearnOurAddress("80.7.7.7");
        Receive(asks, HolePunchKind.Rendezvous, IPEndPoint.Parse(target));
        Assert.Equal([new HolePunchMessage(HolePunchKind.Error, IPEndPoint.Parse(target), (HolePunchError)error)], Messages(asks));
        Assert.DoesNotContain(Rig.Effects.Sent, sent => sent.Message.Number == Punching);
    }

    /// <summary>Nobody knows the address of a peer that connected over TCP and does not say where it listens.</summary>
    [Fact]
    public void A_peer_whose_address_is_unknown_is_not_named_to_another()
    {
        PeerKey asks = Connect("80.2.2.2:50000", PeerTransport.Tcp, listens: null);
        PeerKey other = Connect("80.3.3.3:3333", PeerTransport.Utp);
        Receive(asks, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        Assert.Equal(HolePunchError.NotConnected, Assert.Single(Messages(asks)).Error);
        Assert.Empty(Messages(other));
    }

    [Fact]
    public void Nobody_is_relayed_for_without_end()
    {
        PeerKey greedy = Connect("80.2.2.2:2222", PeerTransport.Utp);
        PeerKey wanted = Connect("80.3.3.3:3333", PeerTransport.Utp);
        for (int i = 0; i < 100; i++)
            Receive(greedy, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        List<HolePunchMessage> answers = Messages(greedy);
        Assert.Equal(HolePunchLimits.MaxRelayedPerMinute, answers.Count);
        Assert.Equal(HolePunchLimits.MaxToldPerNetwork, answers.Count(static answer => answer.Kind == HolePunchKind.Connect));
        Assert.Equal(HolePunchLimits.MaxToldPerNetwork, Messages(wanted).Count);

        // It does not keep others from being helped; but nobody is called more often, even if each asks only once. They can ask
        // elsewhere.
        int left = HolePunchLimits.MaxToldPerMinute - HolePunchLimits.MaxToldPerNetwork;
        for (int i = 0; i < left + 10; i++)
        {
            PeerKey asks = Connect($"81.0.0.{i}:1", PeerTransport.Utp);
            Receive(asks, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
            HolePunchError error = i < left ? HolePunchError.None : HolePunchError.NotConnected;
            Assert.Equal(error, Assert.Single(Messages(asks)).Error);
        }

        Assert.Equal(left, Messages(wanted).Count);
        Rig.Advance(TimeSpan.FromMinutes(1));
        Receive(greedy, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        Assert.Single(Messages(greedy));
        Assert.Single(Messages(wanted));
    }
}
