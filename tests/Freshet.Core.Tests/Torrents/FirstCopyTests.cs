using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class FirstCopyTests
{
    [Fact]
    public void A_peer_that_is_there_alone_is_told_of_everything()
    {
        TorrentRig rig = Rig();
        PeerKey peer = rig.Connect(1);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void Of_several_peers_each_is_told_of_other_pieces_and_served_nothing_else()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        PieceIndex[][] told = [.. peers.Select(peer => Haves(rig, peer))];
        Assert.All(told, pieces => Assert.Single(pieces));
        Assert.Equal(peers.Length, told.SelectMany(static pieces => pieces).Distinct().Count());
        rig.Receive(peers[0], PeerMessage.Interested);
        rig.Receive(peers[0], PeerMessage.Request(new BlockRange(told[1][0], 0, 16384)));
        Assert.Empty(rig.Effects.Outbox);
        rig.Receive(peers[0], PeerMessage.Request(new BlockRange(told[0][0], 0, 16384)));
        Assert.Single(rig.Effects.Outbox);
    }

    [Fact]
    public void When_the_peers_have_everything_between_them_all_are_told_of_it()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        PieceIndex[] told = Haves(rig, peers[1]);
        rig.Receive(peers[0], PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(0, 16)])));
        rig.Receive(peers[2], PeerMessage.Bitfield(rig.Pieces([.. Enumerable.Range(16, 16)])));
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(rig.Layout.PieceCount, told.Concat(Haves(rig, peers[1])).Distinct().Count());
    }

    [Fact]
    public void A_seed_that_sends_nothing_hides_nothing()
    {
        TorrentRig rig = Rig();
        PeerKey[] peers = Several(rig);
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.All(peers, peer => Assert.Equal(rig.Layout.PieceCount, Haves(rig, peer).Length));
        PeerKey late = rig.Connect(9);
        Assert.Contains(rig.Take(late), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void Nothing_is_hidden_if_the_user_says_so()
    {
        TorrentRig rig = Rig(SuperSeeding.Never);
        rig.Connect(1);
        Assert.Contains(rig.Take(rig.Connect(2)), message => message.Id == MessageId.HaveAll);
    }

    [Fact]
    public void By_choice_even_one_peer_alone_is_told_of_little()
    {
        TorrentRig rig = Rig(SuperSeeding.Always);
        PeerKey peer = rig.Connect(1);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.HaveNone);
        rig.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Single(Haves(rig, peer));
    }

    private static TorrentRig Rig(SuperSeeding mode = SuperSeeding.Automatic) =>
        new TorrentRig(pieces: 32, settings: new TorrentSettings { SuperSeeding = mode }, decidesOffer: true).StartComplete();

    // Three that are told of little; a fourth was there before, and knows everything.
    private static PeerKey[] Several(TorrentRig rig)
    {
        rig.Connect(1);
        PeerKey[] peers = [rig.Connect(2), rig.Connect(3), rig.Connect(4)];
        foreach (PeerKey peer in peers)
        {
            Assert.Contains(rig.Effects.Sent, entry => entry.Peer == peer && entry.Message.Id == MessageId.HaveNone);
            rig.Receive(peer, PeerMessage.HaveNone);
        }

        rig.Advance(TimeSpan.FromSeconds(0.3));
        return peers;
    }

    private static PieceIndex[] Haves(TorrentRig rig, PeerKey peer) =>
        [.. rig.Effects.Sent
            .Where(entry => entry.Peer == peer && entry.Message.Id == MessageId.Have)
            .Select(static entry => entry.Message.Piece)];
}
