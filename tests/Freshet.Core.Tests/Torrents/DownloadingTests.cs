using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class DownloadingTests
{
    [Fact]
    public void A_seed_gives_the_whole_torrent()
    {
        var rig = new TorrentRig().Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
        Assert.Equal(8, rig.Effects.Facts.OfType<TorrentFact.PieceVerified>().Count());
        Assert.Equal(32, rig.Effects.Written.Count);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void The_time_that_a_peer_takes_for_each_block_is_reported()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.ConnectSeed(1);
        List<BlockRange> requests = rig.TakeRequests(peer);
        rig.Advance(TimeSpan.FromMilliseconds(300));
        rig.Receive(peer, rig.Block(requests[0]));
        rig.Advance(TimeSpan.FromMilliseconds(200));
        rig.Receive(peer, rig.Block(requests[1]));
        rig.Receive(peer, rig.Block(requests[1]));
        Assert.Equal([TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(500)], rig.Effects.Responses);
    }

    // If many leave at once, or a peer sends messages that say nothing new, each would cost a search through everything that is missing.
    [Fact]
    public void Blocks_owed_by_a_peer_that_left_are_requested_from_others_once_at_the_next_tick()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey leaving = rig.ConnectSeed(1);
        List<BlockRange> owed = rig.TakeRequests(leaving);
        rig.Receive(leaving, rig.Block(owed[0]));
        PeerKey other = rig.ConnectSeed(2);
        Assert.Empty(rig.TakeRequests(other));
        rig.Machine.OnDisconnected(leaving, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Receive(other, PeerMessage.KeepAlive, PeerMessage.Interested, PeerMessage.Port(1));

        // Nor if they repeat what we know, or refuse what they were not asked for.
        rig.Receive(other, PeerMessage.Have(owed[0].Piece), PeerMessage.HaveAll, PeerMessage.Unchoke, PeerMessage.RejectRequest(owed[1]));
        Assert.Empty(rig.TakeRequests(other));
        rig.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(owed.Skip(1).ToHashSet(), rig.TakeRequests(other).ToHashSet());
    }

    [Fact]
    public void Nothing_is_requested_while_choked()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveAll);
        rig.Advance(TimeSpan.FromSeconds(2));
        List<PeerMessage> sent = rig.Take(peer);
        Assert.Contains(sent, message => message.Id == MessageId.Interested);
        Assert.DoesNotContain(sent, message => message.Id == MessageId.Request);
        rig.Receive(peer, PeerMessage.Unchoke);
        Assert.NotEmpty(rig.TakeRequests(peer));
    }

    [Fact]
    public void Allowed_fast_pieces_are_requested_while_choked()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.HaveAll, PeerMessage.AllowedFast(new PieceIndex(3)));
        List<BlockRange> requests = rig.TakeRequests(peer);
        Assert.NotEmpty(requests);
        Assert.All(requests, range => Assert.Equal(3, range.Piece.Value));
    }

    [Fact]
    public void Interest_ends_when_a_peer_has_nothing_more()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Bitfield(rig.Pieces(2)), PeerMessage.Unchoke);
        Assert.Equal(
            MessageId.Interested,
            rig.Effects.Sent.First(entry => entry.Message.Id is MessageId.Interested or MessageId.NotInterested).Message.Id);
        rig.Receive(peer, [.. rig.TakeRequests(peer).Select(rig.Block)]);
        rig.Hash();
        Assert.Contains(rig.Effects.Sent, entry => entry.Message.Id == MessageId.NotInterested);
        rig.Take(peer);
        rig.Receive(peer, PeerMessage.Have(new PieceIndex(5)));
        Assert.Contains(rig.Effects.Sent, entry => entry.Message.Id == MessageId.Interested);
    }

    [Fact]
    public void Have_is_only_sent_to_peers_that_lack_the_piece()
    {
        var rig = new TorrentRig().Start();
        PeerKey seed = rig.ConnectSeed(1);
        PeerKey leech = rig.Connect(2);
        rig.Receive(leech, PeerMessage.Bitfield(rig.Pieces(0)));
        rig.Take(leech);
        rig.Serve(seed);
        int[] haves = [.. rig.Take(leech).Where(message => message.Id == MessageId.Have).Select(message => message.Piece.Value).Order()];
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], haves);
        Assert.DoesNotContain(rig.Effects.Sent, entry => entry.Peer == seed && entry.Message.Id == MessageId.Have);
    }

    [Fact]
    public void A_choke_without_the_fast_extension_gives_the_blocks_to_others()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey first = rig.ConnectSeed(1, fast: false);
        List<BlockRange> asked = rig.TakeRequests(first);
        Assert.NotEmpty(asked);
        rig.Receive(first, PeerMessage.Choke);
        PeerKey second = rig.ConnectSeed(2);
        Assert.Equal(
            asked.Order(Comparer<BlockRange>.Create((a, b) => a.Offset - b.Offset)),
            rig.TakeRequests(second).OrderBy(range => range.Offset).Take(asked.Count));
    }

    [Fact]
    public void A_choke_with_the_fast_extension_waits_for_rejects()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey first = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(first);
        rig.Receive(first, PeerMessage.Choke, rig.Block(asked[0]));
        Assert.Single(rig.Effects.Written);
        rig.Receive(first, [.. asked.Skip(1).Select(PeerMessage.RejectRequest)]);
        PeerKey second = rig.ConnectSeed(2);
        List<BlockRange> again = rig.TakeRequests(second);
        Assert.All(asked.Skip(1), range => Assert.Contains(range, again));
        Assert.DoesNotContain(asked[0], again);
    }

    [Fact]
    public void A_rejecting_peer_is_not_asked_again_at_once()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey peer = rig.ConnectSeed(1);
        rig.Receive(peer, [.. rig.TakeRequests(peer).Select(PeerMessage.RejectRequest)]);
        Assert.Empty(rig.TakeRequests(peer));
        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(rig.TakeRequests(peer));
    }

    [Fact]
    public void Unrequested_blocks_are_returned_and_end_the_connection_if_there_are_many()
    {
        var rig = new TorrentRig(pieces: 200).Start();
        PeerKey peer = rig.Connect(1);
        for (int i = 0; i <= Limits.MaxUnrequestedBlocks; i++)
        {
            Assert.Null(rig.DropOf(peer));
            rig.Receive(peer, rig.Block(rig.Layout.RangeOf(new BlockRef(new PieceIndex(i / 4), i % 4))));
        }

        Assert.Equal(DisconnectReason.ProtocolViolation, rig.DropOf(peer));
        Assert.Empty(rig.Effects.Written);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_late_block_is_still_used()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey peer = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(peer);
        rig.Advance(TimeSpan.FromSeconds(31));
        rig.Receive(peer, rig.Block(asked[0]));
        Assert.Single(rig.Effects.Written);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
    }

    [Fact]
    public void A_snubbing_peer_loses_its_blocks_to_others()
    {
        var rig = new TorrentRig(pieces: 3).Start();
        PeerKey silent = rig.ConnectSeed(1);
        int asked = rig.TakeRequests(silent).Count;
        Assert.True(asked > 1);
        rig.Advance(TimeSpan.FromSeconds(31));
        Assert.Single(rig.TakeRequests(silent));
        PeerKey other = rig.ConnectSeed(2);
        rig.Serve(other);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void The_pipeline_of_a_fast_peer_grows_to_hundreds_of_requests()
    {
        var rig = new TorrentRig(pieces: 4000).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Receive(seed, PeerMessage.Extended(0, new Core.Wire.Extensions.ExtensionHandshake { RequestQueue = 2000 }.ToArray()));
        int outstanding = 0;
        int most = 0;
        Queue<BlockRange> queue = new();
        for (int i = 0; i < 300; i++)
        {
            foreach (BlockRange range in rig.TakeRequests(seed))
                queue.Enqueue(range);
            most = Math.Max(most, queue.Count);
            rig.Advance(TimeSpan.FromMilliseconds(1));
            outstanding = Math.Min(queue.Count, 64);
            rig.Receive(seed, [.. Enumerable.Range(0, outstanding).Select(_ => rig.Block(queue.Dequeue()))]);
            rig.Hash();
        }

        Assert.InRange(most, 400, PeerLimits.MaxOutstandingRequests);
    }

    [Fact]
    public void A_peer_is_never_asked_for_more_than_it_queues()
    {
        var rig = new TorrentRig(pieces: 400).Start();
        PeerKey seed = rig.Connect(1);
        rig.Receive(
            seed, PeerMessage.Extended(0, new Core.Wire.Extensions.ExtensionHandshake { RequestQueue = 7 }.ToArray()), PeerMessage.HaveAll,
            PeerMessage.Unchoke);
        for (int round = 0; round < 100; round++)
        {
            List<BlockRange> requests = rig.TakeRequests(seed);
            Assert.InRange(requests.Count, 1, 7);
            rig.Receive(seed, [.. requests.Select(rig.Block)]);
        }
    }
}
