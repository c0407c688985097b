using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Blocks come from any source that has them, whether it has a protocol of its own or none.</summary>
public class BlockSourceTests
{
    [Fact]
    public void A_source_that_is_not_a_peer_gives_a_whole_torrent()
    {
        var rig = new TorrentRig(pieces: 30).Start();
        FakeSource source = new(rig, key: 1000);
        while (source.Asked.Count > 0)
            source.Serve();
        Assert.True(rig.Machine.Have.IsFull);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Equal(rig.Layout.TotalLength, rig.Machine.Snapshot(rig.Now).Downloaded.Bytes);
        Assert.Empty(rig.Effects.Sent);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_source_and_a_peer_share_the_work_without_duplicates()
    {
        var rig = new TorrentRig(pieces: 30).Start();
        FakeSource source = new(rig, key: 1000);
        PeerKey peer = rig.ConnectSeed(1);
        while (!rig.Machine.Have.IsFull)
        {
            source.Serve();
            rig.Serve(peer, rounds: 1);
        }

        Assert.InRange(source.Sent, 30, 90);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
        Assert.Equal(30 * TorrentRig.BlocksPerPiece, rig.Effects.Written.Distinct().Count());
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_source_that_sends_a_bad_piece_is_banned_with_everything_on_its_host()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        FakeSource bad = new(rig, key: 1000, host: "bad.test");
        FakeSource alike = new(rig, key: 1001, host: "BAD.test");
        FakeSource other = new(rig, key: 1002, host: "other.test");
        bad.Serve(hashOk: false);
        Assert.Equal(DisconnectReason.Banned, bad.Closed);
        Assert.Equal(DisconnectReason.Banned, alike.Closed);
        Assert.Null(other.Closed);
        Assert.Equal(
            "Nothing more is asked of bad.test: it sent data of piece 0 that failed its hash.",
            Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Warning>()).Message);
        Assert.Equal(4, other.Asked.Count);
        other.Serve();
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_source_that_shared_a_bad_piece_is_given_one_of_its_own()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        FakeSource source = new(rig, key: 1000);
        PeerKey peer = rig.ConnectSeed(1);
        BlockRange first = source.Asked[0];
        source.Asked.RemoveAt(0);
        rig.Parts.Downloading.OnBlock(source, first, rig.Block(first).Lease, rig.Now);

        // It sends nothing more, so the peer is asked for the rest as well, and one of the two has lied.
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Serve(peer, hashOk: false, rounds: 1);
        Assert.Null(source.Closed);
        Assert.Null(rig.DropOf(peer));

        int askedOfPeer = rig.TakeRequests(peer).Count;
        Assert.Equal(4, askedOfPeer + source.Asked.Count);
        Assert.True(askedOfPeer == 0 || source.Asked.Count == 0);
    }

    [Fact]
    public void What_a_source_owes_when_it_goes_away_is_requested_from_others()
    {
        var rig = new TorrentRig(pieces: 10).Start();
        FakeSource source = new(rig, key: 1000);
        source.Serve();
        Assert.NotEmpty(source.Asked);
        source.Leave();
        PeerKey peer = rig.ConnectSeed(1);
        rig.Serve(peer);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_source_takes_over_what_a_peer_owes_and_does_not_send()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey peer = rig.ConnectSeed(1);
        Assert.Equal(4, rig.TakeRequests(peer).Count);
        FakeSource source = new(rig, key: 1000);
        Assert.Empty(source.Asked);
        rig.Advance(TimeSpan.FromSeconds(2));
        while (source.Asked.Count > 0)
            source.Serve();
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(4, rig.Take(peer).Count(message => message.Id == MessageId.Cancel));
    }

    [Fact]
    public void A_source_that_is_silent_for_long_does_not_hold_anything_up()
    {
        var rig = new TorrentRig(pieces: 10).Start();
        FakeSource source = new(rig, key: 1000);
        int asked = source.Asked.Count;
        rig.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(asked, source.Cancelled);
        Assert.Single(source.Asked);
        PeerKey peer = rig.ConnectSeed(1);
        rig.Serve(peer);
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Serve(peer);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Empty(source.Asked);
    }
}
