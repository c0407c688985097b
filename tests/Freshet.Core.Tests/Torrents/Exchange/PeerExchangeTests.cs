using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class PeerExchangeTests
{
    private const byte TheirNumber = 7;

    private readonly TorrentRig _rig = new TorrentRig().Start();

    [Fact]
    public void Peers_are_told_about_each_other_with_everything_that_is_known()
    {
        PeerKey listener = Connect(1);
        Connect(2, port: 2222);
        _rig.Machine.OnPeersFound([TorrentRig.Address(3)], PeerSource.Tracker, _rig.Now);
        PeerKey seed = _rig.Connect(3, outgoing: true);
        _rig.Receive(seed, PeerMessage.HaveAll);
        _rig.Connect(4);
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(
            [
                new ExchangedPeer(new IPEndPoint(TorrentRig.Address(2).Address, 2222), PeerExchangeFlags.None),
                new ExchangedPeer(TorrentRig.Address(3), PeerExchangeFlags.UploadOnly | PeerExchangeFlags.Reachable),
            ],
            Assert.Single(Told(listener)));
    }

    [Theory]
    [InlineData(PeerTransport.Tcp, PeerEncryption.None, false, false, null, PeerExchangeFlags.None)]
    [InlineData(PeerTransport.Utp, PeerEncryption.None, false, false, null, PeerExchangeFlags.Utp)]
    [InlineData(PeerTransport.Tcp, PeerEncryption.None, false, true, null, PeerExchangeFlags.HolePunch)]
    [InlineData(PeerTransport.Tcp, PeerEncryption.Full, false, false, null, PeerExchangeFlags.PrefersEncryption)]
    [InlineData(PeerTransport.Tcp, PeerEncryption.Full, false, false, false, PeerExchangeFlags.None)]
    [InlineData(PeerTransport.Tcp, PeerEncryption.Full, true, false, null, PeerExchangeFlags.Reachable)]
    [InlineData(
        PeerTransport.Tcp, PeerEncryption.None, true, false, true, PeerExchangeFlags.Reachable | PeerExchangeFlags.PrefersEncryption)]
    public void Flags_say_what_is_known(
        PeerTransport transport, PeerEncryption encryption, bool outgoing, bool punches, bool? prefers, object flags)
    {
        PeerKey listener = Connect(1);
        Handshake handshake = new(ReservedBits.Ours, _rig.Metainfo.SwarmHash, TorrentRig.IdOf(2));
        ConnectedPeer connected = new(TorrentRig.Address(2), handshake, outgoing) { Way = new PeerWay(transport, encryption) };
        if (outgoing)
            _rig.Machine.OnPeersFound([TorrentRig.Address(2)], PeerSource.Tracker, _rig.Now);
        PeerKey peer = new(1_000);
        _rig.Machine.OnConnected(peer, connected, _rig.Now);
        ExtensionHandshake says = new()
        {
            Extensions = punches ? [new PeerExtension("ut_holepunch", 9)] : [],
            Port = 2222,
            PrefersEncryption = prefers,
        };
        _rig.Receive(peer, PeerMessage.Extended(0, says.ToArray()));
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((PeerExchangeFlags)flags, Assert.Single(Assert.Single(Told(listener))).Flags);
    }

    [Fact]
    public void What_was_said_about_a_peer_is_known_when_it_is_dialled()
    {
        PeerKey teller = Connect(1);
        const PeerExchangeFlags Flags = PeerExchangeFlags.Utp | PeerExchangeFlags.PrefersEncryption;
        _rig.Receive(teller, PeerMessage.Extended(
            ExtensionRows.PeerExchange.Number, PeerExchangeMessage.Write([new(IPEndPoint.Parse("80.1.1.1:1"), Flags)], [])));
        Assert.Equal(new DialHint(Told: Flags), Assert.Single(_rig.Effects.Hints));
    }

    [Fact]
    public void Later_messages_contain_only_changes_and_are_sent_once_a_minute()
    {
        PeerKey listener = Connect(1);
        PeerKey leaving = Connect(2, port: 2222);
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Single(Told(listener));
        Connect(3, port: 3333);
        _rig.Machine.OnDisconnected(leaving, DisconnectReason.ClosedByPeer, _rig.Now);
        _rig.Advance(TimeSpan.FromSeconds(50));
        Assert.Empty(Messages(listener));
        _rig.Advance(TimeSpan.FromSeconds(15));
        byte[] update = Assert.Single(Messages(listener));
        Assert.Equal(PeerExchangeMessage.Write([new(At(3, 3333), default)], [At(2, 2222)]), update);
        _rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(Messages(listener));
    }

    [Fact]
    public void Many_peers_are_sent_fifty_at_a_time()
    {
        PeerKey listener = Connect(1);
        for (int i = 2; i < 62; i++)
            Connect(i, port: 1000 + i);
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(50, Assert.Single(Told(listener)).Count);
        _rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(10, Assert.Single(Told(listener)).Count);
    }

    [Fact]
    public void Addresses_that_mean_nothing_to_a_stranger_are_not_sent()
    {
        PeerKey stranger = _rig.ConnectFrom(new IPEndPoint(IPAddress.Parse("80.1.2.3"), 6881), 1);
        _rig.Receive(stranger, Offer(null));
        _rig.Take(stranger);
        PeerKey neighbour = Connect(2, port: 2222);
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Empty(Messages(stranger));
        _rig.Machine.OnDisconnected(neighbour, DisconnectReason.ClosedByPeer, _rig.Now);
        _rig.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(Messages(stranger));
    }

    [Fact]
    public void Peers_that_are_named_are_dialled()
    {
        PeerKey teller = Connect(1);
        Tell(teller, IPEndPoint.Parse("80.1.1.1:1"), IPEndPoint.Parse("224.1.1.1:1"), IPEndPoint.Parse("80.1.1.2:0"));
        Assert.Equal([IPEndPoint.Parse("80.1.1.1:1")], _rig.Effects.Dialled);
    }

    [Fact]
    public void A_message_after_each_handshake_is_accepted_and_too_many_messages_end_the_connection()
    {
        // Transmission sends what is new after each of our handshakes, and never again.
        PeerKey teller = Connect(1);
        for (int i = 1; i <= 6; i++)
            Tell(teller, IPEndPoint.Parse($"80.1.1.{i}:1"));
        Assert.Equal(6, _rig.Effects.Dialled.Count);
        Tell(teller, IPEndPoint.Parse("80.1.1.7:1"));
        Assert.Equal(6, _rig.Effects.Dialled.Count);
        _rig.Advance(TimeSpan.FromMinutes(1));
        Tell(teller, IPEndPoint.Parse("80.1.1.8:1"));
        Assert.Equal(7, _rig.Effects.Dialled.Count);
        Assert.Null(_rig.DropOf(teller));
        for (int i = 0; i < 11; i++)
            Tell(teller, IPEndPoint.Parse("80.1.1.4:1"));
        Assert.Equal(DisconnectReason.ProtocolViolation, _rig.DropOf(teller));
    }

    [Theory]
    [InlineData("80.1.2.3", "80.9.9.9", true)]
    [InlineData("80.1.2.3", "192.168.1.1", false)]
    [InlineData("80.1.2.3", "127.0.0.1", false)]
    [InlineData("80.1.2.3", "169.254.169.254", false)]
    [InlineData("192.168.1.7", "192.168.1.1", true)]
    public void A_stranger_cannot_make_us_dial_our_own_network(string teller, string told, bool isDialled)
    {
        PeerKey peer = _rig.ConnectFrom(new IPEndPoint(IPAddress.Parse(teller), 6881), 1);
        _rig.Receive(peer, Offer(null));
        IPEndPoint address = new(IPAddress.Parse(told), 80);
        Tell(peer, address);
        Assert.Equal(isDialled ? [address] : [], _rig.Effects.Dialled);
    }

    [Fact]
    public void An_invalid_message_ends_the_connection()
    {
        PeerKey teller = Connect(1);
        _rig.Receive(teller, PeerMessage.Extended(ExtensionRows.PeerExchange.Number, "d5:added1:xe"u8.ToArray()));
        Assert.Equal(DisconnectReason.ProtocolViolation, _rig.DropOf(teller));
    }

    [Fact]
    public void A_peer_that_connects_while_we_dial_it_is_named_once_the_dial_has_failed()
    {
        PeerKey listener = Connect(1);
        _rig.Machine.OnPeersFound([At(2, 7000)], PeerSource.Tracker, _rig.Now);
        Connect(2, port: 7000);
        _rig.Machine.OnConnectFailed(At(2, 7000), DisconnectReason.TimedOut, _rig.Now);
        _rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal([At(2, 7000)], Assert.Single(Told(listener)).Select(told => told.EndPoint));
    }

    [Fact]
    public void One_network_cannot_fill_the_book_and_addresses_that_prove_true_make_room()
    {
        PeerBook book = new(new Random(1));
        Origin liar = Origin.OfNetwork(IPAddress.Parse("80.1.1.1"));
        int added = Enumerable.Range(0, 1_000).Count(i => book.AddTold(Lie(i), liar));
        Assert.Equal(PeerLimits.MaxToldPerNetwork, added);
        Assert.True(book.OnConnected(Lie(0), PeerWay.Plain));
        Assert.True(book.AddTold(Lie(2_000), liar));
        Assert.False(book.AddTold(Lie(2_001), liar));

        // Many together cannot take more than half of it either.
        for (int network = 0; network < 200; network++)
        {
            Origin teller = Origin.OfNetwork(new IPAddress([90, 1, 1, (byte)network]));
            for (int i = 0; i < 50; i++)
                book.AddTold(Lie(10_000 + (100 * network) + i), teller);
        }

        Assert.Equal(PeerLimits.MaxTold + 1, book.Count);

        static IPEndPoint Lie(int number) => new(new IPAddress([81, 0, (byte)(number >> 8), (byte)number]), 6881);
    }

    [Fact]
    public void Addresses_named_by_others_are_dialled_before_those_named_only_by_peers()
    {
        PeerBook book = new(new Random(1));
        for (int i = 0; i < 100; i++)
            book.AddTold(new IPEndPoint(new IPAddress([81, 0, 0, (byte)i]), 6881), Origin.OfNetwork(IPAddress.Parse("80.1.1.1")));
        book.Add(TorrentRig.Address(1), PeerSource.Tracker);
        Assert.True(book.TryTake(_rig.Now, out IPEndPoint first, out _));
        Assert.Equal(TorrentRig.Address(1), first);
    }

    [Fact]
    public void A_private_torrent_takes_no_part()
    {
        TorrentRig rig = new(isPrivate: true);
        rig.Machine.Start(StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        PeerKey peer = rig.Connect(1);
        Assert.DoesNotContain("ut_pex", Offered(rig, peer));
        rig.Receive(peer, Offer(1111));
        rig.Receive(rig.Connect(2), Offer(2222));
        rig.Receive(peer, Added(IPEndPoint.Parse("80.1.1.1:1")));
        rig.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(rig.Effects.Dialled);
        Assert.DoesNotContain(rig.Effects.Sent, sent => sent.Message.Number == TheirNumber);
    }

    // libtorrent sends its list once, and not at all to a peer whose first handshake did not offer it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Until_the_metadata_comes_a_magnet_listens_and_names_nobody(bool isPrivate)
    {
        TorrentRig rig = new(isPrivate: isPrivate, isMagnet: true, isPrivateKnown: false);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        PeerKey peer = rig.ConnectNamed(1);
        Assert.Contains("ut_pex", Offered(rig, peer));
        rig.Receive(peer, Offer(1111));
        rig.Receive(rig.ConnectNamed(2), Offer(2222));
        rig.Effects.Dialled.Clear();

        // Seeds certainly have the metadata.
        IPEndPoint seed = IPEndPoint.Parse("80.1.1.1:1");
        rig.Receive(peer, PeerMessage.Extended(
            ExtensionRows.PeerExchange.Number, PeerExchangeMessage.Write([new(seed, PeerExchangeFlags.UploadOnly)], [])));
        Assert.Equal([seed], rig.Effects.Dialled);
        rig.Advance(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(rig.Effects.Sent, sent => sent.Message.Number == TheirNumber);

        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        rig.Receive(peer, Added(IPEndPoint.Parse("80.1.1.2:1")));
        rig.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(isPrivate ? 1 : 2, rig.Effects.Dialled.Count);
        Assert.Equal(!isPrivate, rig.Effects.Sent.Any(sent => sent.Message.Number == TheirNumber));
    }

    private static PeerMessage Offer(int? port) => PeerMessage.Extended(
        0, new ExtensionHandshake { Extensions = [new PeerExtension("ut_pex", TheirNumber)], Port = port }.ToArray());

    private static PeerMessage Added(params IPEndPoint[] peers) => PeerMessage.Extended(
        ExtensionRows.PeerExchange.Number, PeerExchangeMessage.Write([.. peers.Select(peer => new ExchangedPeer(peer, default))], []));

    private static IEnumerable<string> Offered(TorrentRig rig, PeerKey peer)
    {
        PeerMessage sent = rig.Take(peer).Last(message => message.Id == MessageId.Extended && message.Number == 0);
        Assert.True(ExtensionHandshake.TryParse(sent.Payload.Span, out ExtensionHandshake? handshake));
        return handshake.Extensions.Select(extension => extension.Name);
    }

    private static IPEndPoint At(int number, int port) => new(TorrentRig.Address(number).Address, port);

    private PeerKey Connect(int number, int? port = null)
    {
        PeerKey peer = _rig.Connect(number);
        _rig.Receive(peer, Offer(port));
        _rig.Take(peer);
        return peer;
    }

    private void Tell(PeerKey teller, params IPEndPoint[] peers) => _rig.Receive(teller, Added(peers));

    private List<byte[]> Messages(PeerKey peer) =>
        [.. _rig.Take(peer).Where(message => message.Number == TheirNumber).Select(message => message.Payload.ToArray())];

    private List<IReadOnlyList<ExchangedPeer>> Told(PeerKey peer) => [.. Messages(peer).Select(payload =>
    {
        Assert.True(PeerExchangeMessage.TryParse(payload, out IReadOnlyList<ExchangedPeer> added));
        return added;
    })];
}
