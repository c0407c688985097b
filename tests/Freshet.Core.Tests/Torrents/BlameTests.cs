using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class BlameTests
{
    [Fact]
    public void The_only_sender_of_a_bad_piece_is_banned_at_once()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey bad = rig.ConnectSeed(1);
        rig.Serve(bad, hashOk: false, rounds: 1);
        Assert.Equal(DisconnectReason.Banned, rig.DropOf(bad));
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.PeerBanned>());
        Assert.Equal([new PieceIndex(0)], rig.Effects.Discarded);
        Assert.Equal(DisconnectReason.Banned, rig.DropOf(rig.Connect(1)));
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        Assert.Empty(rig.Effects.Dialled);

        rig.Serve(rig.ConnectSeed(2));
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void Senders_who_shared_a_bad_piece_are_not_banned_until_proven_guilty()
    {
        // Two peers share the only piece, and one of them lies.
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey bad = rig.ConnectSeed(1);
        List<BlockRange> ofBad = rig.TakeRequests(bad);
        rig.Receive(bad, rig.Block(ofBad[0]));
        PeerKey good = rig.ConnectSeed(2);
        rig.TakeRequests(bad);
        rig.Advance(TimeSpan.FromSeconds(1));
        rig.Receive(good, [.. rig.TakeRequests(good).Select(rig.Block)]);
        rig.Hash(ok: false);
        Assert.Null(rig.DropOf(bad));
        Assert.Null(rig.DropOf(good));

        // Now one of the two alone is asked for all of it.
        List<BlockRange> again = rig.TakeRequests(bad);
        List<BlockRange> againOfGood = rig.TakeRequests(good);
        Assert.True(again.Count == 4 ^ againOfGood.Count == 4);
        PeerKey asked = again.Count == 4 ? bad : good;
        PeerKey other = asked == bad ? good : bad;
        rig.Receive(asked, [.. again.Concat(againOfGood).Select(rig.Block)]);
        rig.Hash(ok: asked == good);
        Assert.Equal(asked == bad ? DisconnectReason.Banned : DisconnectReason.BothSeeds, rig.DropOf(asked));
        Assert.NotEqual(DisconnectReason.Banned, rig.DropOf(other));
    }

    [Fact]
    public void A_good_piece_of_its_own_clears_a_suspect()
    {
        var rig = new TorrentRig(pieces: 6).Start();
        PeerKey first = rig.ConnectSeed(1);
        PeerKey second = rig.ConnectSeed(2);
        SharedFailure(rig, first, second);
        rig.Machine.OnDisconnected(second, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Serve(first, rounds: 1);

        // On parole it had one piece at a time; once cleared, it joins the piece that another has begun.
        PeerKey third = rig.ConnectSeed(3);
        rig.Serve(first);
        rig.Serve(third);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Empty(rig.Effects.Facts.OfType<TorrentFact.PeerBanned>());
    }

    [Fact]
    public void Blocks_kept_from_an_earlier_run_prove_nothing_against_the_senders_of_the_rest()
    {
        var rig = new TorrentRig(pieces: 1);
        rig.Machine.Start(new StartingPoint(new Bitfield(1), [new PartialPiece(default, new byte[] { 0x80 })]), rig.Now);
        PeerKey peer = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(peer);
        Assert.Equal(3, asked.Count);
        rig.Receive(peer, [.. asked.Select(rig.Block)]);
        rig.Machine.OnPieceHashed(new PieceVerdict(default, false), rig.Now);
        Assert.Null(rig.DropOf(peer));
        Assert.Equal(4, rig.TakeRequests(peer).Count);
    }

    private static void SharedFailure(TorrentRig rig, PeerKey first, PeerKey second)
    {
        // The first sends a block of a piece and rejects the rest, which the second sends.
        List<BlockRange> requests = rig.TakeRequests(first);
        PieceIndex piece = requests[0].Piece;
        rig.Receive(first, rig.Block(requests[0]));
        rig.Receive(first, [.. requests.Skip(1).Select(PeerMessage.RejectRequest)]);
        for (int round = 0; round < 50; round++)
        {
            foreach (BlockRange range in rig.TakeRequests(second))
            {
                rig.Receive(second, rig.Block(range));
                if (rig.Effects.Written.Count(block => block.Piece == piece) == TorrentRig.BlocksPerPiece)
                {
                    rig.Machine.OnPieceHashed(new PieceVerdict(piece, false), rig.Now);
                    rig.Effects.Written.RemoveAll(block => block.Piece == piece);
                    rig.Hash();
                    return;
                }
            }

            rig.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Fail("The second peer never sent the rest.");
    }
}
