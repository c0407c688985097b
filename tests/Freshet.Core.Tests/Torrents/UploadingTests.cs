using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class UploadingTests
{
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
    public void A_request_while_choked_is_rejected_or_passed_over(bool fast)
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
    public void A_request_for_a_piece_that_we_lack_is_rejected()
    {
        var rig = new TorrentRig().Start(1);
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Interested, PeerMessage.Request(Range));
        Assert.Empty(rig.Effects.Outbox);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.RejectRequest && message.Range == Range);
    }

    [Fact]
    public void A_full_queue_rejects()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        for (int i = 0; i <= Limits.MaxQueuedUploads; i++)
            rig.Receive(peer, PeerMessage.Request(Range with { Offset = i }));
        Assert.Equal(Limits.MaxQueuedUploads, rig.Effects.Outbox.Count);
        Assert.Single(rig.Take(peer), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void A_peer_that_asks_for_the_next_as_soon_as_it_has_one_is_refused_nothing()
    {
        // The peer keeps to what it was promised, but has blocks that are not yet counted as sent here.
        (TorrentRig rig, PeerKey peer) = Unchoked();
        const int Arrived = Limits.PromisedQueuedUploads / 2;
        for (int i = 0; i < Limits.PromisedQueuedUploads + Arrived; i++)
            rig.Receive(peer, PeerMessage.Request(Range with { Offset = i }));
        Assert.DoesNotContain(rig.Take(peer), message => message.Id == MessageId.RejectRequest);
    }

    [Fact]
    public void A_peer_that_keeps_asking_for_what_it_is_refused_is_dropped()
    {
        var rig = new TorrentRig(pieces: 100).StartComplete();
        PeerKey peer = rig.Connect(1);
        for (int i = 0; i <= Limits.MaxRefusedRequests && rig.DropOf(peer) is null; i++)
            rig.Receive(peer, PeerMessage.Request(Range));
        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer));
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
    public void A_choke_takes_the_queue_back_and_rejects_it()
    {
        (TorrentRig rig, PeerKey peer) = Unchoked();
        rig.Receive(peer, PeerMessage.Request(Range), PeerMessage.Request(Range with { Offset = 0 }), PeerMessage.NotInterested);
        Assert.Empty(rig.Effects.Outbox);
        Assert.Equal([MessageId.Choke, MessageId.RejectRequest, MessageId.RejectRequest], rig.Take(peer).Select(message => message.Id));
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
