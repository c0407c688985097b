using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

public class ExtensionsTests
{
    private readonly Echo _echo = new();

    [Fact]
    public void Extensions_in_the_table_are_offered()
    {
        TorrentRig rig = Rig();
        byte[] greeting = rig.Take(rig.Connect(1)).Single(message => message.Id == MessageId.Extended).Payload.ToArray();
        Assert.True(ExtensionHandshake.TryParse(greeting, out ExtensionHandshake handshake));
        Assert.Equal([new PeerExtension("echo", 5)], handshake.Extensions);
    }

    [Fact]
    public void A_message_comes_under_our_number_and_the_answer_is_sent_under_the_peers()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, number: 9);
        rig.Receive(peer, PeerMessage.Extended(5, "hello"u8.ToArray()));
        PeerMessage answer = Assert.Single(rig.Take(peer));
        Assert.Equal((MessageId.Extended, 9), (answer.Id, answer.Number));
        Assert.Equal("hello"u8.ToArray(), answer.Payload.ToArray());
    }

    [Fact]
    public void A_peer_that_does_not_accept_it_is_sent_nothing()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, number: 0);
        rig.Receive(peer, PeerMessage.Extended(5, "hello"u8.ToArray()));
        Assert.Equal(1, _echo.Messages);
        Assert.Empty(rig.Take(peer));
    }

    [Fact]
    public void A_number_that_is_not_in_the_table_reaches_nobody()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, number: 9);
        rig.Receive(peer, PeerMessage.Extended(6, "hello"u8.ToArray()), PeerMessage.Extended(5, new byte[101]));
        Assert.Equal(0, _echo.Messages);
        Assert.Null(rig.DropOf(peer));
    }

    [Fact]
    public void A_private_torrent_does_without_extensions_that_are_not_for_it()
    {
        TorrentRig rig = Rig(isPrivate: true);
        PeerKey peer = Connect(rig, number: 9);
        rig.Receive(peer, PeerMessage.Extended(5, "hello"u8.ToArray()));
        Assert.Equal((0, 0), (_echo.Handshakes, _echo.Messages));
    }

    [Fact]
    public void An_extension_is_told_once_about_a_peer_that_leaves()
    {
        TorrentRig rig = Rig();
        PeerKey peer = Connect(rig, number: 9);
        rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        PeerKey silent = rig.Connect(2);
        rig.Machine.OnDisconnected(silent, DisconnectReason.ClosedByPeer, rig.Now);
        Assert.Equal((1, 1), (_echo.Handshakes, _echo.Gone));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Extensions_for_public_torrents_are_used_once_the_metadata_says_so(bool isPrivate)
    {
        TorrentRig rig = new(extension: _echo, isPrivate: isPrivate, isMagnet: true, isPrivateKnown: false);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        PeerKey peer = rig.ConnectNamed(1);
        Assert.Empty(OfferOf(Assert.Single(rig.Take(peer), message => message.Id == MessageId.Extended)));
        rig.Receive(peer, PeerMessage.Extended(0, new ExtensionHandshake { Extensions = [new PeerExtension("echo", 9)] }.ToArray()));
        rig.Receive(peer, PeerMessage.Extended(5, "hello"u8.ToArray()));
        Assert.Equal((0, 0), (_echo.Handshakes, _echo.Messages));

        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        PeerMessage update = rig.Take(peer).Single(message => message.Id == MessageId.Extended);
        Assert.Equal(isPrivate ? [] : [new PeerExtension("echo", 5)], OfferOf(update));
        rig.Receive(peer, PeerMessage.Extended(5, "hello"u8.ToArray()));
        Assert.Equal(isPrivate ? (0, 0) : (1, 1), (_echo.Handshakes, _echo.Messages));
        Assert.Equal(isPrivate ? 0 : 1, rig.Take(peer).Count(message => message.Id == MessageId.Extended));
    }

    private static ImmutableArray<PeerExtension> OfferOf(PeerMessage message)
    {
        Assert.True(ExtensionHandshake.TryParse(message.Payload.Span, out ExtensionHandshake handshake));
        return handshake.Extensions;
    }

    private static PeerKey Connect(TorrentRig rig, byte number)
    {
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Extended(0, new ExtensionHandshake { Extensions = [new PeerExtension("echo", number)] }.ToArray()));
        rig.Take(peer);
        return peer;
    }

    private TorrentRig Rig(bool isPrivate = false) => new TorrentRig(extension: _echo, isPrivate: isPrivate).Start();

    /// <summary>Sends back what it receives.</summary>
    private sealed class Echo : IExtension
    {
        public ExtensionRow Row { get; } = new("echo", 5, 100, ExtensionScope.PublicOnly);

        public int Handshakes { get; private set; }

        public int Messages { get; private set; }

        public int Gone { get; private set; }

        public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now) => Handshakes++;

        public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
        {
            Messages++;
            line.TrySend(peer, Row, payload.ToArray(), now);
        }

        public void OnGone(Peer peer) => Gone++;
    }
}
