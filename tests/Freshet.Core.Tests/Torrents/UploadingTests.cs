using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class UploadingTests
{
    [Theory]
    [InlineData(5, 2)]
    [InlineData(10, 3)]
    [InlineData(20, 4)]
    [InlineData(50, 5)]
    [InlineData(500, 8)]
    public void A_low_limit_leaves_few_slots_so_that_each_gets_something(int kibibytes, int slots)
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxUploadRate = new DataRate(kibibytes * 1024) }).StartComplete();
        PeerKey[] peers = [.. Enumerable.Range(1, 20).Select(number => rig.Connect(number))];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(slots, rig.Machine.Peers(rig.Now).Count(peer => !peer.IsChoked));
    }

    private static readonly BlockRange Range = new(new PieceIndex(2), 16384, 16384);

    [Fact]
    public void An_interested_peer_is_unchoked_at_once_while_slots_are_free()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { UploadSlots = 2 }).StartComplete();
        PeerKey[] peers = [rig.Connect(1), rig.Connect(2), rig.Connect(3)];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Interested);
        Assert.Equal([true, true, false], peers.Select(peer => rig.Take(peer).Any(message => message.Id == MessageId.Unchoke)));
        rig.Machine.OnDisconnected(peers[0], DisconnectReason.ClosedByPeer, rig.Now);
        Assert.Contains(rig.Take(peers[2]), message => message.Id == MessageId.Unchoke);
    }

    [Fact]
    public void Everybody_gets_a_turn()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { UploadSlots = 2 }).StartComplete();
        HashSet<PeerKey> unchoked = [];
        for (int i = 1; i <= 5; i++)
            rig.Receive(rig.Connect(i), PeerMessage.Interested);
        for (int i = 0; i < 30; i++)
        {
            rig.Advance(TimeSpan.FromSeconds(10));
            unchoked.UnionWith(rig.Effects.Sent.Where(entry => entry.Message.Id == MessageId.Unchoke).Select(entry => entry.Peer));
            for (int key = 1; key <= 5; key++)
                rig.Receive(new PeerKey(key), PeerMessage.KeepAlive);
        }

        Assert.Equal(5, unchoked.Count);
    }

    [Fact]
    public void A_request_is_served_and_counted()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Receive(peer, PeerMessage.Request(Range));
        Assert.Equal([(peer, Range)], rig.Effects.Outbox);
        rig.Machine.OnUploaded(peer, Range, rig.Now);
        Assert.Equal(16384, rig.Machine.Snapshot(rig.Now).Uploaded.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_while_choked_is_rejected_or_ignored(bool fast)
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey peer = rig.Connect(1, fast);
        rig.Take(peer);
        rig.Receive(peer, PeerMessage.Request(Range));
        Assert.Empty(rig.Effects.Outbox);
        Assert.Equal(fast ? [MessageId.RejectRequest] : [], rig.Take(peer).Select(message => message.Id));
        Assert.Null(rig.DropOf(peer));
    }

    [Fact]
    public void An_allowed_fast_piece_is_served_while_choked()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveNone);
        PieceIndex[] allowed = [.. rig.Take(peer).Where(message => message.Id == MessageId.AllowedFast).Select(message => message.Piece)];
        Assert.Equal(10, allowed.Length);
        rig.Receive(peer, PeerMessage.Request(new BlockRange(allowed[0], 0, 16384)));
        Assert.Single(rig.Effects.Outbox);
    }

    [Fact]
    public void An_allowed_fast_piece_is_served_once_and_only_to_a_peer_that_has_little()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveNone);
        PieceIndex[] allowed = [.. rig.Take(peer).Where(message => message.Id == MessageId.AllowedFast).Select(message => message.Piece)];
        Assert.Equal(10, allowed.Length);
        int blocks = allowed.Length * TorrentRig.BlocksPerPiece;
        for (int i = 0; i < 3 * blocks; i++)
        {
            BlockRange block = rig.Layout.RangeOf(new BlockRef(allowed[i / TorrentRig.BlocksPerPiece % 10], i % TorrentRig.BlocksPerPiece));
            rig.Receive(peer, PeerMessage.Request(block));
        }

        Assert.Equal(blocks, rig.Effects.Outbox.Count);
        Assert.Equal(2 * blocks, rig.Take(peer).Count(message => message.Id == MessageId.RejectRequest));
        PeerKey rich = rig.Connect(2);
        rig.Receive(rich, PeerMessage.HaveNone);
        PieceIndex wanted = rig.Take(rich).First(message => message.Id == MessageId.AllowedFast).Piece;
        rig.Receive(
            rich,
            [.. Enumerable.Range(0, 100)
                .Where(piece => piece != wanted.Value)
                .Take(10)
                .Select(piece => PeerMessage.Have(new PieceIndex(piece)))]);
        rig.Receive(rich, PeerMessage.Request(new BlockRange(wanted, 0, 16384)));
        Assert.Contains(rig.Take(rich), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void A_new_connection_does_not_renew_what_a_peer_may_have_while_choked_but_time_does()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();

        // It may have all of it, half of it an hour later, and all of it many hours later.
        int[] hours = [0, 0, 1, 0, 7];
        int[] expected = [10, 0, 5, 0, 10];
        BlockRange[] all = [];
        for (int connection = 0; connection < hours.Length; connection++)
        {
            rig.Pass(TimeSpan.FromHours(hours[connection]));
            PeerKey peer = rig.Connect(1, id: connection + 1);
            rig.Receive(peer, PeerMessage.HaveNone);
            PieceIndex[] allowed =
                [.. rig.Take(peer).Where(message => message.Id == MessageId.AllowedFast).Select(message => message.Piece)];
            Assert.Equal(expected[connection], allowed.Length);
            if (connection == 0)
            {
                all = [.. allowed.SelectMany(piece =>
                    Enumerable.Range(0, TorrentRig.BlocksPerPiece).Select(block => rig.Layout.RangeOf(new BlockRef(piece, block))))];
            }

            rig.Receive(peer, [.. all.Select(PeerMessage.Request)]);
            int rejected = rig.Take(peer).Count(message => message.Id == MessageId.RejectRequest);
            Assert.Equal(all.Length - (allowed.Length * TorrentRig.BlocksPerPiece), rejected);
            rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, rig.Now);
        }

        // Another address has its own allowance.
        PeerKey other = rig.Connect(2);
        rig.Receive(other, PeerMessage.HaveNone);
        PieceIndex wanted = rig.Take(other).First(message => message.Id == MessageId.AllowedFast).Piece;
        rig.Receive(other, PeerMessage.Request(new BlockRange(wanted, 0, 16384)));
        Assert.DoesNotContain(rig.Take(other), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void While_the_disk_cannot_be_read_nobody_is_allowed_pieces_while_choked()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Read, "the disk reports an input/output error", []), rig.Now);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveNone);
        Assert.DoesNotContain(rig.Take(peer), message => message.Id == MessageId.AllowedFast);
    }

    [Fact]
    public void When_the_disk_can_no_longer_be_read_all_are_choked()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Read, "the disk reports an input/output error", []), rig.Now);
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.Choke);
    }

    [Theory]
    [InlineData(Limits.MaxRequestLength, false)]
    [InlineData(Limits.MaxRequestLength + 1, true)]
    public void Also_within_a_long_piece_a_request_has_a_limit(int length, bool isDropped)
    {
        const int Mebibyte = 1024 * 1024;
        RecordingEffects effects = new();
        TorrentRig rig = new(new PieceLayout(Mebibyte, [4 * Mebibyte]), effects);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Request(new BlockRange(new PieceIndex(1), 0, length)));
        Assert.Equal(isDropped ? [(peer, DisconnectReason.ProtocolViolation)] : [], effects.Dropped);
    }

    [Fact]
    public void While_a_peer_waits_for_a_slot_the_next_round_is_due()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { UploadSlots = 1 }).StartComplete();
        PeerKey[] peers = [rig.Connect(1), rig.Connect(2)];
        Assert.Equal(Timestamp.Never, rig.Parts.Uploading.NextDue(rig.Now));
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Interested, PeerMessage.Request(Range));
        Assert.InRange(rig.Parts.Uploading.NextDue(rig.Now) - rig.Now, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_peer_of_a_torrent_with_few_pieces_is_choked_like_any_other()
    {
        var rig = new TorrentRig(pieces: 8).StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveNone);
        rig.Receive(
            peer, [.. Enumerable.Range(0, 8).Select(piece => PeerMessage.Request(new BlockRange(new PieceIndex(piece), 0, 16384)))]);
        Assert.Empty(rig.Effects.Outbox);
        Assert.DoesNotContain(rig.Take(peer), message => message.Id == MessageId.AllowedFast);
    }

    [Fact]
    public void Peers_that_never_request_do_not_keep_the_slots()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { UploadSlots = 8 }).StartComplete();
        PeerKey[] idle = [.. Enumerable.Range(1, 60).Select(number => rig.Connect(number))];
        foreach (PeerKey key in idle)
            rig.Receive(key, PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(30));
        PeerKey honest = rig.Connect(100);
        rig.Receive(honest, PeerMessage.Interested);
        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains(rig.Take(honest), message => message.Id == MessageId.Unchoke);

        // And it stays unchoked as long as it asks.
        for (int i = 0; i < 120; i++)
        {
            rig.Receive(honest, PeerMessage.Request(Range));
            rig.Machine.OnUploaded(honest, Range, rig.Now);
            foreach (PeerKey key in idle)
                rig.Receive(key, PeerMessage.KeepAlive);
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.DoesNotContain(rig.Take(honest), message => message.Id == MessageId.Choke);
    }

    [Fact]
    public void No_more_peers_are_unchoked_than_was_allotted()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { UploadSlots = 8 }, allotment: new Allotment(0, 2, false)).StartComplete();
        PeerKey[] peers = [.. Enumerable.Range(1, 5).Select(number => rig.Connect(number))];
        foreach (PeerKey peer in peers)
            rig.Receive(peer, PeerMessage.Interested);
        Assert.Equal(2, rig.Effects.Sent.Count(entry => entry.Message.Id == MessageId.Unchoke));
        Assert.Equal(5, rig.Effects.Demanded.UploadSlots);
        rig.Machine.OnAllotted(new Allotment(0, 4, false), rig.Now);
        Assert.Equal(4, rig.Effects.Sent.Count(entry => entry.Message.Id == MessageId.Unchoke));
    }

    [Fact]
    public void A_piece_that_is_not_offered_is_neither_announced_nor_served()
    {
        var rig = new TorrentRig(offer: new HidingOffer(new PieceIndex(2))).StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Interested);
        List<PeerMessage> told = rig.Take(peer);
        Assert.Equal(rig.Pieces(0, 1, 3, 4, 5, 6, 7), told[0].Payload.ToArray());
        rig.Receive(peer, PeerMessage.Request(Range), PeerMessage.Request(Range with { Piece = new PieceIndex(3) }));
        Assert.Equal([(peer, Range with { Piece = new PieceIndex(3) })], rig.Effects.Outbox);
    }

    [Fact]
    public void A_new_piece_that_is_not_offered_is_not_announced()
    {
        var rig = new TorrentRig(offer: new HidingOffer(new PieceIndex(2))).Start();
        PeerKey leech = rig.Connect(1);
        rig.Serve(rig.ConnectSeed(2));
        int[] told = [.. rig.Take(leech).Where(message => message.Id == MessageId.Have).Select(message => message.Piece.Value).Order()];
        Assert.Equal([0, 1, 3, 4, 5, 6, 7], told);
    }

    [Fact]
    public void A_request_for_a_piece_that_we_lack_is_rejected()
    {
        var rig = new TorrentRig().Start(1);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Interested, PeerMessage.Request(Range));
        Assert.Empty(rig.Effects.Outbox);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.RejectRequest && message.Range == Range);
    }

    [Fact]
    public void A_full_queue_causes_rejects()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        for (int i = 0; i <= Limits.MaxQueuedUploads; i++)
            rig.Receive(peer, PeerMessage.Request(Range with { Offset = i }));
        Assert.Equal(Limits.MaxQueuedUploads, rig.Effects.Outbox.Count);
        Assert.Single(rig.Take(peer), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void A_peer_that_requests_the_next_block_as_soon_as_it_has_one_is_refused_nothing()
    {
        // The peer keeps within what it was promised, but has received blocks that do not count as sent here yet.
        (TorrentRig rig, PeerKey peer) = Unchoked();
        const int Arrived = Limits.PromisedQueuedUploads / 2;
        for (int i = 0; i < Limits.PromisedQueuedUploads + Arrived; i++)
            rig.Receive(peer, PeerMessage.Request(Range with { Offset = i }));
        Assert.DoesNotContain(rig.Take(peer), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void A_peer_that_keeps_requesting_what_it_is_refused_is_dropped()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey peer = rig.Connect(1);
        for (int i = 0; i <= Limits.MaxRefusedRequests && rig.DropOf(peer) is null; i++)
            rig.Receive(peer, PeerMessage.Request(Range));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer));
    }

    [Fact]
    public void Only_a_peer_that_comes_back_to_repeat_it_is_banned()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey honest = rig.Connect(2);
        for (int time = 1; time <= PeerLimits.MostStrikes; time++)
        {
            PeerKey peer = rig.Connect(1);
            for (int i = 0; i <= Limits.MaxRefusedRequests && rig.DropOf(peer) is null; i++)
                rig.Receive(peer, PeerMessage.Request(Range));
            bool isLast = time == PeerLimits.MostStrikes;
            Assert.Equal(isLast ? DisconnectReason.Banned : DisconnectReason.ProtocolViolation, rig.DropOf(peer));
        }

        Assert.Equal(DisconnectReason.Banned, rig.DropOf(rig.Connect(1)));
        Assert.Null(rig.DropOf(honest));
    }

    [Fact]
    public void A_cancelled_request_is_answered_by_a_reject()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Receive(peer, PeerMessage.Request(Range), PeerMessage.Cancel(Range));
        Assert.Empty(rig.Effects.Outbox);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.RejectRequest && message.Range == Range);
        rig.Receive(peer, PeerMessage.Cancel(Range));
        Assert.Empty(rig.Take(peer));
    }

    [Fact]
    public void A_block_that_cannot_be_read_is_rejected()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Receive(peer, PeerMessage.Request(Range));
        rig.Machine.OnUploadFailed(peer, Range, rig.Now);
        Assert.Equal([MessageId.RejectRequest], rig.Take(peer).Select(message => message.Id));
    }

    [Fact]
    public void A_choke_rejects_everything_in_the_queue()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Receive(peer, PeerMessage.Request(Range), PeerMessage.Request(Range with { Offset = 0 }), PeerMessage.NotInterested);
        Assert.Empty(rig.Effects.Outbox);
        Assert.Equal([MessageId.Choke, MessageId.RejectRequest, MessageId.RejectRequest], rig.Take(peer).Select(message => message.Id));
    }

    /// <summary>Keeps one piece to itself.</summary>
    private sealed class HidingOffer(PieceIndex hidden) : IOffer
    {
        public Bitfield PiecesFor(Bitfield have, Peer peer)
        {
            Bitfield pieces = have.Clone();
            pieces.Remove(hidden);
            return pieces;
        }

        public bool Includes(Bitfield have, Peer peer, PieceIndex piece) => piece != hidden && have[piece];

        public bool IsHiddenFrom(Peer peer) => false;

        public int HiddenCount => 0;
    }

    private static (TorrentRig Rig, PeerKey Peer) Unchoked()
    {
        var rig = new TorrentRig().StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Interested);
        rig.Take(peer);
        return (rig, peer);
    }
}
