using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class HolePunchingTests
{
    private const byte Punching = 9;
    private const byte Exchanging = 7;

    private static readonly IPEndPoint Target = IPEndPoint.Parse("80.1.1.1:1111");
    private static readonly IPEndPoint Stranger = IPEndPoint.Parse("80.5.5.5:5555");

    private readonly TorrentRig _rig = new TorrentRig().Start();
    private int _peers;

    // Who asks for help.

    [Fact]
    public void A_peer_that_cannot_be_reached_is_asked_of_who_told_of_it_and_dialled_over_utp_at_its_word()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Equal([new HolePunchMessage(HolePunchKind.Rendezvous, Target)], Messages(relay));

        Assert.Single(_rig.Effects.Dialled);
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([Target, Target], _rig.Effects.Dialled);
        Assert.Equal([false, true], _rig.Effects.Hints.Select(hint => hint.IsPunched));

        // If that fails as well, nobody is asked again before the minute is over.
        Fail(Target, DisconnectReason.TimedOut);
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Empty(Messages(relay));
        Assert.Equal(2, _rig.Effects.Dialled.Count);
        _rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds));
        Assert.Equal(3, _rig.Effects.Dialled.Count);
        Assert.False(_rig.Effects.Hints[^1].IsPunched);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
    }

    [Theory]
    [InlineData(DisconnectReason.BadHandshake)]
    [InlineData(DisconnectReason.ClosedByPeer)]
    [InlineData(DisconnectReason.TooManyPeers)]
    public void Who_was_reached_needs_no_hole(object reason)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, (DisconnectReason)reason);
        Assert.Empty(Messages(relay));
    }

    [Fact]
    public void Only_who_told_that_it_can_be_done_is_asked()
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
    public void When_a_relay_cannot_the_next_is_asked_and_each_once()
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
    public void When_a_relay_leaves_or_says_nothing_the_next_is_asked(bool leaves)
    {
        PeerKey first = Connect("80.2.2.2:2222");
        PeerKey second = Connect("80.3.3.3:3333");
        Tell(first, Target, PeerExchangeFlags.HolePunch);
        Tell(second, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        if (leaves)
            _rig.Machine.OnDisconnected(first, DisconnectReason.ClosedByPeer, _rig.Now);
        _rig.Advance(leaves ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(HolePunchLimits.AnswerSeconds));
        Assert.Single(Messages(first));
        Assert.Single(Messages(second));

        // There is no third, and the first may answer late.
        _rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AnswerSeconds));
        Assert.Empty(Messages(first));
        Assert.Empty(Messages(second));
        Receive(second, HolePunchKind.Connect, Target);
        Assert.True(_rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void Who_was_told_of_again_after_an_error_is_kept_as_long_as_the_others()
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

    // Who is told to dial.

    [Fact]
    public void A_peer_that_asks_for_us_is_dialled_at_the_word_of_a_relay()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([Target], _rig.Effects.Dialled);
        Assert.True(_rig.Effects.Hints[0].IsPunched);

        // It goes on for a while: a dial that fails needs no word from us.
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
    }

    [Fact]
    public void A_hole_is_dialled_through_at_once_though_all_dials_are_taken_by_the_dead()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        _rig.Machine.OnPeersFound([.. Enumerable.Range(1, 100).Select(TorrentRig.Address)], PeerSource.Tracker, _rig.Now);
        Assert.Equal(Limits.MaxHalfOpen, _rig.Effects.Dialled.Count);
        for (int i = 1; i <= HolePunchLimits.MaxDialsBeyond + 1; i++)
            Receive(relay, HolePunchKind.Connect, TargetAt(i));
        Assert.Equal(
            Enumerable.Range(1, HolePunchLimits.MaxDialsBeyond).Select(TargetAt), _rig.Effects.Dialled.Skip(Limits.MaxHalfOpen));
        Assert.All(_rig.Effects.Hints.Skip(Limits.MaxHalfOpen), hint => Assert.True(hint.IsPunched));

        // When one is through, the next of its kind begins; and when one of the dead is given up, none of them.
        Fail(TargetAt(1), DisconnectReason.TimedOut);
        Assert.Equal(TargetAt(HolePunchLimits.MaxDialsBeyond + 1), _rig.Effects.Dialled[^1]);
        int dialled = _rig.Effects.Dialled.Count;
        Fail(TorrentRig.Address(1), DisconnectReason.TimedOut);
        Assert.Equal(dialled, _rig.Effects.Dialled.Count);
    }

    [Fact]
    public void A_hole_is_dialled_through_before_all_others_when_dials_are_allotted()
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
    public void A_hole_that_has_waited_too_long_is_none_and_comes_in_its_turn()
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
    public void Who_has_told_of_too_many_can_still_tell_of_a_hole()
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
    public void A_stranger_cannot_have_us_dial_our_own_network(string address)
    {
        Receive(Connect("80.2.2.2:2222"), HolePunchKind.Connect, IPEndPoint.Parse(address));
        Assert.Empty(_rig.Effects.Dialled);
    }

    [Fact]
    public void A_relay_cannot_have_us_dial_without_end()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        for (int i = 1; i <= 100; i++)
            Receive(relay, HolePunchKind.Connect, TargetAt(i));
        Assert.Equal(HolePunchLimits.MaxTakenPerMinute, _rig.Effects.Dialled.Count);

        // Nor can many.
        for (int network = 0; network < 20; network++)
        {
            relay = Connect($"81.2.2.{network}:2222");
            for (int i = 1; i <= 10; i++)
                Receive(relay, HolePunchKind.Connect, TargetAt(1_000 + (100 * network) + i));
        }

        Assert.Equal(HolePunchLimits.MaxUnaskedAttempts, _rig.Effects.Dialled.Count);

        // And that leaves room for those who are asked.
        relay = Connect("82.2.2.2:2222");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal(Target, _rig.Effects.Dialled[^1]);
        Assert.True(_rig.Effects.Hints[^1].IsPunched);
    }

    [Fact]
    public void Words_about_peers_that_we_have_do_not_count()
    {
        for (int i = 1; i <= HolePunchLimits.MaxUnaskedAttempts; i++)
            Connect($"82.0.0.{i}:50000");
        for (int relay = 0; relay < 2; relay++)
        {
            PeerKey liar = Connect($"83.0.0.{relay}:2222");
            for (int i = 1; i <= HolePunchLimits.MaxTakenPerMinute; i++)
                Receive(liar, HolePunchKind.Connect, IPEndPoint.Parse($"82.0.0.{(4 * relay) + i}:6881"));
        }

        Assert.Empty(_rig.Effects.Dialled);
        Receive(Connect("80.2.2.2:2222"), HolePunchKind.Connect, Target);
        Assert.Equal([Target], _rig.Effects.Dialled);
    }

    [Fact]
    public void A_word_that_nobody_asked_for_does_not_use_up_that_of_the_relay_that_was_asked()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        PeerKey stranger = Connect("80.3.3.3:3333");
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Receive(stranger, HolePunchKind.Connect, Target);
        Fail(Target, DisconnectReason.TimedOut);
        Receive(stranger, HolePunchKind.Connect, Target);
        Assert.Equal([false, true], _rig.Effects.Hints.Select(hint => hint.IsPunched));
        Receive(relay, HolePunchKind.Connect, Target);
        Assert.Equal([false, true, true], _rig.Effects.Hints.Select(hint => hint.IsPunched));
    }

    /// <summary>Whoever is told that it can be reached dials it without asking for help, in vain.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_was_reached_through_a_hole_is_not_called_reachable(bool isPunched)
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        if (isPunched)
            Receive(relay, HolePunchKind.Connect, Target);
        else
            _rig.Machine.OnPeersFound([Target], PeerSource.Tracker, _rig.Now);
        Assert.Equal([Target], _rig.Effects.Dialled);
        Connect(_rig, Target, PeerTransport.Utp, isOutgoing: true);
        _rig.Advance(TimeSpan.FromSeconds(11));
        PeerMessage told = Assert.Single(_rig.Take(relay), static sent => sent.Number == Exchanging);
        Assert.True(PeerExchangeMessage.TryParse(told.Payload.Span, out IReadOnlyList<ExchangedPeer> added));
        PeerExchangeFlags flags = Assert.Single(added).Flags;
        Assert.True(flags.HasFlag(PeerExchangeFlags.HolePunch));
        Assert.Equal(!isPunched, flags.HasFlag(PeerExchangeFlags.Reachable));
    }

    [Fact]
    public void Who_is_connected_or_being_dialled_is_not_dialled_again()
    {
        PeerKey relay = Connect("80.2.2.2:2222");
        _rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, _rig.Now);
        Receive(relay, HolePunchKind.Connect, TorrentRig.Address(1));
        Assert.Single(_rig.Effects.Dialled);
        _rig.Connect(1, outgoing: true);
        _rig.Advance(TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds));
        Receive(relay, HolePunchKind.Connect, TorrentRig.Address(1));
        Assert.Single(_rig.Effects.Dialled);
    }

    // Who relays.

    [Theory]
    [InlineData(PeerTransport.Tcp, "80.3.3.3:3333")]
    [InlineData(PeerTransport.Utp, "80.3.3.3:40000")]
    public void Two_peers_are_told_of_each_other(PeerTransport transport, string where)
    {
        PeerKey one = Connect("80.2.2.2:2222", PeerTransport.Utp);
        PeerKey other = Connect("80.3.3.3:40000", transport, listens: 3333);
        Receive(one, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));

        // Over uTP it is seen where its router lets in what comes for it.
        Assert.Equal([new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse(where))], Messages(one));
        Assert.Equal([new HolePunchMessage(HolePunchKind.Connect, IPEndPoint.Parse("80.2.2.2:2222"))], Messages(other));
        Assert.Empty(_rig.Effects.Dialled);
    }

    [Theory]
    [InlineData("80.9.9.9:9999", HolePunchError.NotConnected)]
    [InlineData("80.4.4.4:4444", HolePunchError.NoSupport)]
    [InlineData("80.2.2.2:2222", HolePunchError.NoSelf)]
    [InlineData("80.7.7.7:6881", HolePunchError.NoSelf)]
    [InlineData("80.3.3.3:0", HolePunchError.NoSuchPeer)]
    [InlineData("224.0.0.1:80", HolePunchError.NoSuchPeer)]
    [InlineData("10.0.0.9:6881", HolePunchError.NotConnected)]
    public void What_cannot_be_done_is_answered_with_the_reason(string target, object error)
    {
        PeerKey asks = Connect("80.2.2.2:2222", PeerTransport.Utp);
        Connect("80.3.3.3:3333", PeerTransport.Utp);
        Connect("80.4.4.4:4444", PeerTransport.Utp, punches: false);
        Connect("10.0.0.9:6881", PeerTransport.Utp);
        LearnOurAddress("80.7.7.7");
        Receive(asks, HolePunchKind.Rendezvous, IPEndPoint.Parse(target));
        Assert.Equal([new HolePunchMessage(HolePunchKind.Error, IPEndPoint.Parse(target), (HolePunchError)error)], Messages(asks));
        Assert.DoesNotContain(_rig.Effects.Sent, sent => sent.Message.Number == Punching);
    }

    /// <summary>Where a peer is that connected over TCP and does not say where it listens, nobody knows.</summary>
    [Fact]
    public void Whose_address_is_not_known_is_not_told_of_another()
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

        // It does not keep others from being helped; but nobody is called for more often, though each who asks does so once. They can ask
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
        _rig.Advance(TimeSpan.FromMinutes(1));
        Receive(greedy, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        Assert.Single(Messages(greedy));
        Assert.Single(Messages(wanted));
    }

    // Everybody.

    [Fact]
    public void A_message_that_makes_no_sense_ends_the_connection()
    {
        PeerKey peer = Connect("80.2.2.2:2222");
        _rig.Receive(peer, PeerMessage.Extended(ExtensionRows.HolePunch.Number, new byte[] { 1, 2, 3 }));
        Assert.Equal(DisconnectReason.ProtocolViolation, _rig.DropOf(peer));
    }

    [Fact]
    public void Who_does_not_speak_it_is_not_listened_to()
    {
        PeerKey peer = Connect("80.2.2.2:2222", punches: false);
        Connect("80.3.3.3:3333", PeerTransport.Utp);
        Receive(peer, HolePunchKind.Connect, Target);
        Receive(peer, HolePunchKind.Rendezvous, IPEndPoint.Parse("80.3.3.3:3333"));
        Assert.Empty(_rig.Effects.Dialled);
        Assert.DoesNotContain(_rig.Effects.Sent, sent => sent.Message.Number == Punching);
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
        _rig.Machine.Stop(_rig.Now);
        _rig.Start();
        relay = Connect("80.2.2.2:2222");
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Empty(Messages(relay));
        Tell(relay, Target, PeerExchangeFlags.HolePunch);
        Fail(Target, DisconnectReason.TimedOut);
        Assert.Single(Messages(relay));
    }

    private static IPEndPoint TargetAt(int number) => new(new IPAddress([81, 1, (byte)(number >> 8), (byte)number]), 1111);

    private static PeerMessage Message(IEnumerable<ExchangedPeer> told) =>
        PeerMessage.Extended(ExtensionRows.PeerExchange.Number, PeerExchangeMessage.Write([.. told], []));

    private static PeerMessage Message(HolePunchKind kind, IPEndPoint endPoint, HolePunchError error = HolePunchError.None) =>
        PeerMessage.Extended(ExtensionRows.HolePunch.Number, new HolePunchMessage(kind, endPoint, error).ToArray());

    private PeerKey Connect(
        string address, PeerTransport transport = PeerTransport.Tcp, int? listens = 6881, bool punches = true) =>
        Connect(_rig, IPEndPoint.Parse(address), transport, listens, punches);

    private PeerKey Connect(
        TorrentRig rig, IPEndPoint address, PeerTransport transport = PeerTransport.Tcp, int? listens = 6881, bool punches = true,
        bool isOutgoing = false)
    {
        PeerKey key = new(1_000 + ++_peers);
        Handshake handshake = new(ReservedBits.Ours, rig.Metainfo.SwarmHash, TorrentRig.IdOf(key.Value));
        PeerWay way = new(transport, PeerEncryption.None);
        rig.Machine.OnConnected(key, new ConnectedPeer(address, handshake, isOutgoing) { Way = way }, rig.Now);
        PeerExtension[] offers = [new("ut_pex", Exchanging), new("ut_holepunch", Punching)];
        ExtensionHandshake offer = new() { Extensions = [.. offers[..(punches ? 2 : 1)]], Port = listens };
        rig.Receive(key, PeerMessage.Extended(0, offer.ToArray()));
        rig.Take(key);
        return key;
    }

    private void Receive(PeerKey key, HolePunchKind kind, IPEndPoint endPoint, HolePunchError error = HolePunchError.None) =>
        _rig.Receive(key, Message(kind, endPoint, error));

    private void Tell(PeerKey teller, IPEndPoint endPoint, PeerExchangeFlags flags) => Tell(teller, [new ExchangedPeer(endPoint, flags)]);

    private void Tell(PeerKey teller, IEnumerable<ExchangedPeer> told) => _rig.Receive(teller, Message(told));

    // Holes are punched until none is dialled through beyond what is allotted.
    private static void TakeDialsBeyond(TorrentRig rig, PeerKey relay)
    {
        for (int i = 1; i <= HolePunchLimits.MaxDialsBeyond; i++)
            rig.Receive(relay, Message(HolePunchKind.Connect, TargetAt(10_000 + i)));
        Assert.Equal(HolePunchLimits.MaxDialsBeyond, rig.Effects.Dialled.Count);
    }

    private void Fail(IPEndPoint endPoint, DisconnectReason reason) => _rig.Machine.OnConnectFailed(endPoint, reason, _rig.Now);

    // A peer that we have dialled tells how it sees us.
    private void LearnOurAddress(string address)
    {
        _rig.Machine.OnPeersFound([TorrentRig.Address(77)], PeerSource.Manual, _rig.Now);
        PeerKey dialled = _rig.Connect(77, outgoing: true);
        _rig.Receive(dialled, PeerMessage.Extended(0, new ExtensionHandshake { YourIp = IPAddress.Parse(address) }.ToArray()));
    }

    private List<HolePunchMessage> Messages(PeerKey peer)
    {
        List<HolePunchMessage> messages = [];
        foreach (PeerMessage sent in _rig.Take(peer).Where(static sent => sent.Number == Punching))
        {
            Assert.True(HolePunchMessage.TryParse(sent.Payload.Span, out HolePunchMessage message));
            messages.Add(message);
        }

        return messages;
    }
}
