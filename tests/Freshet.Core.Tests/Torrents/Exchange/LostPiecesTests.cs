using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents.Exchange;

public class LostPiecesTests
{
    private const byte TheirNumber = 9;

    [Fact]
    public void Peers_are_told_about_a_piece_that_we_lost()
    {
        TorrentRig rig = new TorrentRig().Start(1, 2);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, Offer("lt_donthave"));
        PeerKey other = rig.Connect(2);
        rig.Take(peer);
        rig.Take(other);
        rig.Machine.OnPieceLost(new PieceIndex(2), rig.Now);
        PeerMessage told = Assert.Single(rig.Take(peer), message => message.Id == MessageId.Extended);
        Assert.Equal(TheirNumber, told.Number);
        Assert.Equal([0, 0, 0, 2], told.Payload.ToArray());
        Assert.DoesNotContain(rig.Take(other), message => message.Id == MessageId.Extended);

        // A piece that was never there is not lost.
        rig.Machine.OnPieceLost(new PieceIndex(5), rig.Now);
        Assert.DoesNotContain(rig.Take(peer), message => message.Id == MessageId.Extended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_piece_that_a_peer_lost_is_not_requested_from_it(bool wasSeed)
    {
        TorrentRig rig = new TorrentRig(pieces: 2).Start(0);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, wasSeed ? PeerMessage.HaveAll : PeerMessage.Bitfield(rig.Pieces(1)));
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.Interested);
        Assert.Equal(wasSeed ? 1 : 0, rig.Machine.Snapshot(rig.Now).Seeds);
        rig.Receive(peer, Lost(0, 0, 0, 1), Lost(0, 0, 0, 1), PeerMessage.Unchoke);
        List<PeerMessage> sent = rig.Take(peer);
        Assert.Contains(sent, message => message.Id == MessageId.NotInterested);
        Assert.DoesNotContain(sent, message => message.Id == MessageId.Request);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Seeds);
        rig.Receive(peer, PeerMessage.Have(new PieceIndex(1)));
        Assert.NotEmpty(rig.TakeRequests(peer));
    }

    /// <summary>A reject of a request for the lost piece does not mean that the peer has too many requests.</summary>
    [Fact]
    public void A_peer_that_lost_a_piece_is_asked_for_others_at_once()
    {
        TorrentRig rig = new TorrentRig(pieces: 2).Start();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Bitfield(rig.Pieces(1)), PeerMessage.Unchoke);
        List<BlockRange> asked = rig.TakeRequests(peer);
        Assert.NotEmpty(asked);
        rig.Receive(peer, [Lost(0, 0, 0, 1), PeerMessage.Have(new PieceIndex(0)), .. asked.Select(PeerMessage.RejectRequest)]);
        List<BlockRange> again = rig.TakeRequests(peer);
        Assert.Equal(asked.Count, again.Count);
        Assert.All(again, static range => Assert.Equal(0, range.Piece.Value));
    }

    /// <summary>
    /// A lone seed that starts super-seeding withdraws what it offered, whether or not the other side knows the pieces yet.
    /// </summary>
    [Fact]
    public void A_piece_that_a_peer_lost_before_the_metadata_came_is_not_requested_until_it_has_it_again()
    {
        TorrentRig rig = new(pieces: 4, isMagnet: true);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, Lost(0, 0, 0, 0), PeerMessage.HaveAll, Lost(0, 0, 0, 3), Lost(0, 0, 0, 2), Lost(0, 0, 0, 200));
        rig.Receive(peer, PeerMessage.Have(new PieceIndex(2)), PeerMessage.Unchoke);
        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        rig.Receive(peer, PeerMessage.KeepAlive);
        rig.Serve(peer);
        Assert.Equal([0, 1, 2], rig.Effects.Written.Select(static block => block.Piece.Value).Distinct().Order());
        Assert.Null(rig.DropOf(peer));
    }

    [Theory]
    [InlineData(0, 0, 0, 200)]
    [InlineData(255, 255, 255, 255)]
    public void A_piece_that_does_not_exist_is_ignored(byte a, byte b, byte c, byte d)
    {
        TorrentRig rig = new TorrentRig().Start();
        PeerKey peer = rig.ConnectSeed(1);
        rig.Receive(peer, Lost(a, b, c, d));
        Assert.Null(rig.DropOf(peer));
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Seeds);
    }

    [Fact]
    public void A_peer_that_keeps_losing_pieces_is_dropped()
    {
        TorrentRig rig = new TorrentRig().Start();
        PeerKey flapping = rig.ConnectSeed(1);
        for (int i = 0; i < 100; i++)
            rig.Receive(flapping, Lost(0, 0, 0, 1), PeerMessage.Have(new PieceIndex(1)));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(flapping));
        PeerKey wrong = rig.Connect(2);
        rig.Receive(wrong, Lost(0, 0, 1));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(wrong));
    }

    [Fact]
    public void A_peer_can_say_in_two_ways_that_it_wants_nothing_more()
    {
        TorrentRig rig = new TorrentRig().StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Extended(ExtensionRows.UploadOnly.Number, new byte[] { 0 }));
        Assert.Null(rig.DropOf(peer));
        rig.Receive(peer, PeerMessage.Extended(ExtensionRows.UploadOnly.Number, new byte[] { 1 }));
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(peer));
    }

    private static PeerMessage Offer(string name) =>
        PeerMessage.Extended(0, new ExtensionHandshake { Extensions = [new PeerExtension(name, TheirNumber)] }.ToArray());

    private static PeerMessage Lost(params byte[] payload) => PeerMessage.Extended(ExtensionRows.LostPieces.Number, payload);
}
