using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class ProtocolTests
{
    public static TheoryData<string> Violations =>
    [
        "have", "bitfield short", "bitfield long", "have all", "allowed fast", "reject", "suggest", "request outside", "request long",
        "request negative",
    ];

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_violation_of_the_protocol_ends_the_connection_with_words(string what)
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1, fast: false);
        PieceIndex piece = new(3);
        PeerMessage bad = what switch
        {
            "have" => PeerMessage.Have(new PieceIndex(8)),
            "bitfield short" => PeerMessage.Bitfield(Array.Empty<byte>()),
            "bitfield long" => PeerMessage.Bitfield(new byte[] { 0xFF, 0x80 }),
            "have all" => PeerMessage.HaveAll,
            "allowed fast" => PeerMessage.AllowedFast(piece),
            "reject" => PeerMessage.RejectRequest(new BlockRange(piece, 0, 1)),
            "suggest" => PeerMessage.SuggestPiece(piece),
            "request outside" => PeerMessage.Request(new BlockRange(piece, TorrentRig.PieceLength - 1, 2)),
            "request long" => PeerMessage.Request(new BlockRange(piece, 0, Limits.MaxRequestLength + 1)),
            _ => PeerMessage.Request(new BlockRange(piece, -1, 100)),
        };

        // What follows it in the batch is ignored, and its block is returned.
        rig.Receive(peer, bad, rig.Block(new BlockRange(piece, 0, Limits.BlockLength)), PeerMessage.Have(piece));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer));
        Assert.NotNull(rig.Effects.Facts.OfType<TorrentFact.PeerDisconnected>().Single().Words);
        rig.AssertLeasesAreSettled();
    }

    // According to BEP 3 the connection should be dropped because of spare bits; libtorrent and rain clear them.
    [Fact]
    public void Slips_that_harm_nobody_are_forgiven()
    {
        var rig = new TorrentRig(pieces: 3).Start();
        PeerKey peer = rig.Connect(1, fast: false);
        rig.Receive(
            peer, PeerMessage.Bitfield(new byte[] { 0b0101_1111 }), PeerMessage.Extended(0, "nonsense"u8.ToArray()), PeerMessage.Unchoke);
        Assert.Null(rig.DropOf(peer));
        Assert.Equal([1], rig.TakeRequests(peer).Select(range => range.Piece.Value).Distinct());
    }

    [Fact]
    public void A_late_or_second_bitfield_counts()
    {
        var rig = new TorrentRig(pieces: 8).Start();
        PeerKey peer = rig.Connect(1, fast: false);
        rig.Receive(peer, PeerMessage.Have(new PieceIndex(1)), PeerMessage.Bitfield(rig.Pieces(2)), PeerMessage.Unchoke);
        Assert.Equal([2], rig.TakeRequests(peer).Select(range => range.Piece.Value).Distinct());
        rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Peers);
    }

    [Fact]
    public void A_peer_that_keeps_replacing_its_pieces_is_dropped()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        for (int i = 0; i < Limits.MaxPieceSetsPerPeer; i++)
            rig.Receive(peer, PeerMessage.Bitfield(rig.Pieces(i % 8)));
        Assert.Null(rig.DropOf(peer));
        rig.Receive(peer, PeerMessage.HaveNone);
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer));
    }

    /// <summary>As aria2 does, which announces the pieces that it received with a bitfield because it is shorter.</summary>
    [Fact]
    public void A_peer_may_send_a_bitfield_for_each_piece_that_it_gets()
    {
        const int pieces = 5 * Limits.MaxPieceSetsPerPeer;
        var rig = new TorrentRig(pieces: pieces).Start();
        PeerKey peer = rig.Connect(1, fast: false);
        for (int i = 1; i <= pieces; i++)
        {
            PeerMessage bitfield = PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(0, i)]));
            rig.Receive(peer, bitfield, bitfield);
            Assert.Equal(i, Math.Round(Assert.Single(rig.Machine.Peers(rig.Now)).Progress * pieces));
        }

        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Seeds);
        rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Seeds);
    }

    [Fact]
    public void A_peer_that_completes_by_haves_is_a_seed()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1, fast: false);
        rig.Receive(peer, [.. Enumerable.Range(0, 8).Select(piece => PeerMessage.Have(new PieceIndex(piece)))]);
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Seeds);
    }

    [Fact]
    public void Unknown_messages_ports_and_unknown_extensions_are_ignored()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Port(6881), PeerMessage.Extended(9, "x"u8.ToArray()), PeerMessage.KeepAlive);
        Assert.Null(rig.DropOf(peer));
    }

    [Fact]
    public void Messages_of_a_peer_that_is_gone_only_return_their_blocks()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(peer);
        rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Receive(peer, rig.Block(asked[0]), PeerMessage.Have(default));
        Assert.Empty(rig.Effects.Written);
        rig.AssertLeasesAreSettled();
    }
}
