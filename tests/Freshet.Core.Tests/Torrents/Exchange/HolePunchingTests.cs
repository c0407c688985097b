using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class HolePunchingTests : HolePunchBench
{
    // The side that asks for help.

    [Fact]
    public void A_relay_that_named_an_unreachable_peer_is_asked_for_it_and_the_peer_is_dialled_over_utp()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Equal([new HolePunchMessage(HolePunchKind.Rendezvous, Target)], Messages(relay));

        Assert.Single(Rig.Effects.Dialled);
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([Target, Target], Rig.Effects.Dialled);
        Assert.Equal([false, true], Rig.Effects.Hints.Select(hint => hint.IsPunched));

        // If that fails as well, nobody is asked again before the minute is over.
        Fail(Target, DisconnectReason.TimedOut);
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Empty(Messages(relay));
        Assert.Equal(2, Rig.Effects.Dialled.Count);
        Rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds));
        Assert.Equal(3, Rig.Effects.Dialled.Count);
        Assert.False(Rig.Effects.Hints[^1].IsPunched);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
    }

    [Theory]
    [InlineData(true, PeerTransport.Utp, 0, PeerPath.Hole)]
    [InlineData(false, PeerTransport.Utp, 0, PeerPath.Direct)]
    [InlineData(true, PeerTransport.Tcp, 0, PeerPath.Direct)]
    [InlineData(true, PeerTransport.Utp, HolePunchLimits.PunchSeconds, PeerPath.Direct)]
    public void A_dial_in_progress_that_gets_through_the_hole_of_the_other_side_needed_it(
        bool isPunched, PeerTransport transport, int after, PeerPath expected)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Assert.Equal([Target], Rig.Effects.Dialled);
        if (isPunched)
            Receive(relay, HolePunchKind.Connect, Target);
        Assert.Single(Rig.Effects.Dialled);
        Rig.Advance(TimeSpan.FromSeconds(after));
        Connect(Rig, Target, transport, isOutgoing: true);
        Assert.Equal(expected, Rig.Effects.Facts.OfType<TorrentFact.PeerConnected>().Last().Way.Path);

        // Others must not be told that everybody can reach it.
        Rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(expected == PeerPath.Direct, FlagsTold(relay).HasFlag(PeerExchangeFlags.Reachable));
    }

    [Theory]
    [InlineData(DisconnectReason.BadHandshake)]
    [InlineData(DisconnectReason.ClosedByPeer)]
    [InlineData(DisconnectReason.TooManyPeers)]
    public void A_peer_that_was_reached_needs_no_hole(object reason)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, (DisconnectReason)reason);
        Assert.Empty(Messages(relay));
    }

    [Theory]
    [InlineData(PeerTransport.Utp)]
    [InlineData(PeerTransport.Tcp)]
    public void A_peer_that_has_got_through_to_us_meanwhile_needs_no_hole(PeerTransport transport)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        int port = transport == PeerTransport.Utp ? Target.Port : 40_000;
        Connect(Rig, new IPEndPoint(Target.Address, port), transport, listens: Target.Port);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
    }

    [Fact]
    public void What_relays_say_and_are_told_is_reported_as_far_as_it_is_heard()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Receive(relay, HolePunchKind.Error, Stranger, HolePunchError.NotConnected);
        Receive(relay, HolePunchKind.Connect, Target);
        for (int i = 0; i < 2 * HolePunchLimits.MaxTakenPerMinute; i++)
            Receive(relay, HolePunchKind.Connect, TargetAt(i));

        List<TorrentFact.HolePunch> said = [.. Rig.Effects.Facts.OfType<TorrentFact.HolePunch>()];
        Assert.Equal(
            [
                (new HolePunchMessage(HolePunchKind.Rendezvous, Target), true),
                (new HolePunchMessage(HolePunchKind.Connect, Target), false),
                .. Enumerable.Range(0, HolePunchLimits.MaxTakenPerMinute)
                    .Select(static i => (new HolePunchMessage(HolePunchKind.Connect, TargetAt(i)), false)),
            ],
            said.Select(static fact => (fact.Message, fact.IsSent)));
    }

    [Fact]
    public void Only_peers_that_offered_to_relay_are_asked()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        PeerKey other = Connect("80.3.3.3:3333");
        Tell(relay, Target, PeerExchangeFlags.Utp);
        Tell(other, Stranger, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
        Assert.Empty(Messages(other));
    }

    [Fact]
    public void If_a_relay_cannot_help_the_next_is_asked_and_each_only_once()
    {
        PeerKey first = Connect("80.2.2.2:2222");
        PeerKey second = Connect("80.3.3.3:3333");
        Tell(first, Target, PeerExchangeFlags.HolePunch);
        Tell(second, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(first));
        Assert.Empty(Messages(second));
        Receive(first, HolePunchKind.Error, Target, HolePunchError.NotConnected);
        Assert.Empty(Messages(first));
        Assert.Single(Messages(second));
        Receive(second, HolePunchKind.Error, Target, HolePunchError.NoSupport);
        Receive(second, HolePunchKind.Error, Target, HolePunchError.NoSupport);
        Assert.Empty(Messages(first));
        Assert.Empty(Messages(second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void If_a_relay_leaves_or_is_silent_the_next_is_asked(bool leaves)
    {
        PeerKey first = Connect("80.2.2.2:2222");
        PeerKey second = Connect("80.3.3.3:3333");
        Tell(first, Target, PeerExchangeFlags.HolePunch);
        Tell(second, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        if (leaves)
            Rig.Machine.OnDisconnected(first, DisconnectReason.ClosedByPeer, Rig.Now);
        Rig.Advance(leaves ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(HolePunchLimits.AnswerSeconds));
        Assert.Single(Messages(first));
        Assert.Single(Messages(second));

        // There is no third relay, and the first may answer late.
        Rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AnswerSeconds));
        Assert.Empty(Messages(first));
        Assert.Empty(Messages(second));
        Receive(second, HolePunchKind.Connect, Target);
        Assert.True(Rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void An_address_that_was_named_again_after_an_error_is_kept_as_long_as_the_others()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Receive(relay, HolePunchKind.Error, Target, HolePunchError.NotConnected);
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        IEnumerable<ExchangedPeer> others = Enumerable.Range(1, HolePunchLimits.MaxIntroduced - 1)
            .Select(static i => new ExchangedPeer(new IPEndPoint(new IPAddress([81, 0, 0, (byte)i]), 1), PeerExchangeFlags.HolePunch));
        foreach (ExchangedPeer[] some in others.Chunk(64))
            Tell(relay, some);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
    }

    [Fact]
    public void One_relay_is_not_asked_without_end()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        IPEndPoint[] targets = [.. Enumerable.Range(1, 30).Select(TargetAt)];
        Tell(relay, targets.Select(target => new ExchangedPeer(target, PeerExchangeFlags.HolePunch)));
        foreach (IPEndPoint target in targets)
            Fail(target, DisconnectReason.TimedOut);
        Assert.Equal(HolePunchLimits.MaxAskedPerMinute, Messages(relay).Count);
    }

    // The side that is told to dial.

    [Fact]
    public void A_peer_that_asks_for_us_is_dialled_when_a_relay_says_so()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([Target], Rig.Effects.Dialled);
        Assert.True(Rig.Effects.Hints[0].IsPunched);

        // It continues for a while: a dial that fails needs no message from us.
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
    }

    [Fact]
    public void A_hole_is_dialled_at_once_even_if_dead_addresses_take_all_dials()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Rig.Machine.OnPeersFound([.. Enumerable.Range(1, 100).Select(TorrentRig.Address)], PeerSource.Tracker, Rig.Now);
        Assert.Equal(Limits.MaxHalfOpen, Rig.Effects.Dialled.Count);
        for (int i = 1; i <= HolePunchLimits.MaxDialsBeyond + 1; i++)
            Receive(relay, HolePunchKind.Connect, TargetAt(i));
        Assert.Equal(
            Enumerable.Range(1, HolePunchLimits.MaxDialsBeyond).Select(TargetAt), Rig.Effects.Dialled.Skip(Limits.MaxHalfOpen));
        Assert.All(Rig.Effects.Hints.Skip(Limits.MaxHalfOpen), hint => Assert.True(hint.IsPunched));

        // When one is through, the next of its kind begins; and when one of the dead is given up, none of them does.
        Fail(TargetAt(1), DisconnectReason.TimedOut);
        Assert.Equal(TargetAt(HolePunchLimits.MaxDialsBeyond + 1), Rig.Effects.Dialled[^1]);
        int dialled = Rig.Effects.Dialled.Count;
        Fail(TorrentRig.Address(1), DisconnectReason.TimedOut);
        Assert.Equal(dialled, Rig.Effects.Dialled.Count);
    }

    [Fact]
    public void A_hole_is_dialled_before_all_others_when_dials_are_allotted()
    {
        TorrentRig rig = new TorrentRig(allotment: Allotment.None).Start();
        PeerKey relay = Connect(rig, IPEndPoint.Parse("80.2.2.2:2222"));
        rig.Machine.OnPeersFound([TorrentRig.Address(1), TorrentRig.Address(2)], PeerSource.Tracker, rig.Now);
        TakeDialsBeyond(rig, relay);
        int taken = rig.Effects.Dialled.Count;
        rig.Receive(relay, Message(HolePunchKind.Connect, Target));
        Assert.Equal(taken, rig.Effects.Dialled.Count);
        Assert.Equal(taken + 3, rig.Effects.Demanded.Dials);
        rig.Machine.OnAllotted(Allotment.None with { Dials = taken + 1 }, rig.Now);
        Assert.Equal([Target], rig.Effects.Dialled[taken..]);
        Assert.True(rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void A_hole_that_has_waited_too_long_is_an_ordinary_address_again()
    {
        TorrentRig rig = new TorrentRig(allotment: Allotment.None).Start();
        PeerKey relay = Connect(rig, IPEndPoint.Parse("80.2.2.2:2222"));
        TakeDialsBeyond(rig, relay);
        int taken = rig.Effects.Dialled.Count;
        rig.Receive(relay, Message(HolePunchKind.Connect, Target));
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.PunchSeconds));
        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        Assert.Equal([TorrentRig.Address(1), Target], rig.Effects.Dialled[taken..]);
        Assert.False(rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void A_peer_that_has_named_too_many_can_still_name_a_hole()
    {
        TorrentRig rig = new TorrentRig(allotment: Allotment.None).Start();
        PeerKey relay = Connect(rig, IPEndPoint.Parse("80.2.2.2:2222"));
        for (int told = 0; told < PeerLimits.MaxToldPerNetwork; rig.Advance(TimeSpan.FromMinutes(1)))
        {
            rig.Receive(relay, Message(Enumerable.Range(told, 50).Select(i => new ExchangedPeer(TargetAt(i), default))));
            told += 50;
        }

        Assert.Equal(PeerLimits.MaxToldPerNetwork, rig.Machine.Snapshot(rig.Now).KnownPeers);
        rig.Receive(relay, Message(HolePunchKind.Connect, Stranger));
        Assert.Equal([Stranger], rig.Effects.Dialled);
    }

    [Theory]
    [InlineData("224.1.1.1:1")]
    [InlineData("80.1.1.1:0")]
    [InlineData("10.1.1.1:1")]
    [InlineData("127.0.0.1:1")]
    public void A_stranger_cannot_make_us_dial_our_own_network(string address)
    {
        Receive(Connect("80.2.2.2:2222"), HolePunchKind.Connect, IPEndPoint.Parse(address));
        Assert.Empty(Rig.Effects.Dialled);
    }

    [Fact]
    public void A_relay_cannot_make_us_dial_without_end()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        for (int i = 1; i <= 100; i++)
            Receive(relay, HolePunchKind.Connect, TargetAt(i));
        Assert.Equal(HolePunchLimits.MaxTakenPerMinute, Rig.Effects.Dialled.Count);

        // Nor can many.
        for (int network = 0; network < 20; network++)
        {
            relay = Connect($"81.2.2.{network}:2222");
            for (int i = 1; i <= 10; i++)
                Receive(relay, HolePunchKind.Connect, TargetAt(1_000 + (100 * network) + i));
        }

        Assert.Equal(HolePunchLimits.MaxUnaskedAttempts, Rig.Effects.Dialled.Count);

        // That leaves room for those who are asked.
        relay = Connect("82.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal(Target, Rig.Effects.Dialled[^1]);
        Assert.True(Rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void Messages_about_peers_that_we_have_do_not_count()
    {
        for (int i = 1; i <= HolePunchLimits.MaxUnaskedAttempts; i++)
            Connect($"82.0.0.{i}:50000");
        for (int relay = 0; relay < 2; relay++)
        {
            PeerKey liar = Connect($"83.0.0.{relay}:2222");
            for (int i = 1; i <= HolePunchLimits.MaxTakenPerMinute; i++)
                Receive(liar, HolePunchKind.Connect, IPEndPoint.Parse($"82.0.0.{(4 * relay) + i}:6881"));
        }

        Assert.Empty(Rig.Effects.Dialled);
        Receive(Connect("80.2.2.2:2222"), HolePunchKind.Connect, Target);
        Assert.Equal([Target], Rig.Effects.Dialled);
    }

    [Fact]
    public void A_message_that_nobody_asked_for_does_not_replace_that_of_the_relay_that_was_asked()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        PeerKey stranger = Connect("80.3.3.3:3333");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Receive(stranger, HolePunchKind.Connect, Target);
        Fail(Target, DisconnectReason.TimedOut);
        Receive(stranger, HolePunchKind.Connect, Target);
        Assert.Equal([false, true], Rig.Effects.Hints.Select(hint => hint.IsPunched));
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([false, true, true], Rig.Effects.Hints.Select(hint => hint.IsPunched));
    }

    /// <summary>A peer that is told that another is reachable dials it without asking for help, in vain.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_was_reached_through_a_hole_is_not_called_reachable(bool isPunched)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        if (isPunched)
            Receive(relay, HolePunchKind.Connect, Target);
        else
            Rig.Machine.OnPeersFound([Target], PeerSource.Tracker, Rig.Now);
        Assert.Equal([Target], Rig.Effects.Dialled);
        Connect(Rig, Target, PeerTransport.Utp, isOutgoing: true);
        Rig.Advance(TimeSpan.FromSeconds(11));
        PeerExchangeFlags flags = FlagsTold(relay);
        Assert.True(flags.HasFlag(PeerExchangeFlags.HolePunch));
        Assert.Equal(!isPunched, flags.HasFlag(PeerExchangeFlags.Reachable));
    }

    [Fact]
    public void A_peer_that_is_connected_or_being_dialled_is_not_dialled_again()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, Rig.Now);
        Receive(relay, HolePunchKind.Connect, TorrentRig.Address(1));
        Assert.Single(Rig.Effects.Dialled);
        Rig.Connect(1, outgoing: true);
        Rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds));
        Receive(relay, HolePunchKind.Connect, TorrentRig.Address(1));
        Assert.Single(Rig.Effects.Dialled);
    }

    // Everybody.

    [Fact]
    public void An_invalid_message_ends_the_connection()
    {
        PeerKey peer = Connect("80.2.2.2:2222");
        Rig.Receive(peer, PeerMessage.Extended(ExtensionRows.HolePunch.Number, new byte[] { 1, 2, 3 }));
        Assert.Equal(DisconnectReason.ProtocolViolation, Rig.DropOf(peer));
    }

    [Fact]
    public void A_peer_without_the_extension_is_not_listened_to()
    {
        PeerKey peer = Connect("80.2.2.2:2222", punches: false);
        Connect("80.3.3.3:3333", PeerTransport.Utp);
        Receive(peer, HolePunchKind.Connect, Target);
        Receive(peer, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        Assert.Empty(Rig.Effects.Dialled);
        Assert.DoesNotContain(Rig.Effects.Sent, sent => sent.Message.Number == Punching);
    }

    [Fact]
    public void A_private_torrent_does_not_take_part()
    {
        TorrentRig rig = new TorrentRig(isPrivate: true).Start();
        PeerKey peer = Connect(rig, IPEndPoint.Parse("80.2.2.2:2222"));
        Connect(rig, IPEndPoint.Parse("80.3.3.3:3333"));
        rig.Receive(peer, Message(HolePunchKind.Connect, Target), Message(HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333")));
        Assert.Empty(rig.Effects.Dialled);
        Assert.DoesNotContain(rig.Effects.Sent, sent => sent.Message.Number == Punching);
    }

    [Fact]
    public void After_a_stop_nothing_is_left_of_a_run()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Rig.Machine.Stop(Rig.Now);
        Rig.Start();
        relay = Connect("80.2.2.2:2222");
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
    }

    // What a peer is told of the only other one.
    private PeerExchangeFlags FlagsTold(PeerKey listener)
    {
        PeerMessage told = Assert.Single(Rig.Take(listener), static sent => sent.Number == Exchanging);
        Assert.True(PeerExchangeMessage.TryParse(told.Payload.Span, out IReadOnlyList<ExchangedPeer> added));
        return Assert.Single(added).Flags;
    }
}
