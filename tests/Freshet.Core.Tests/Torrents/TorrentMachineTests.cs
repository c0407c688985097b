using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class TorrentMachineTests
{
    [Fact]
    public void A_stop_disconnects_everybody_and_a_start_continues_with_what_is_there()
    {
        var rig = new TorrentRig(pieces: 2).Start();
        PeerKey seed = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(seed);
        rig.Receive(seed, rig.Block(asked[0]));
        rig.Machine.Stop(rig.Now);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(seed));
        Assert.IsType<TorrentPhase.Stopped>(rig.Machine.Phase);
        Assert.True(rig.Machine.HasLeft);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(rig.Connect(2)));

        rig.Machine.Start(new StartingPoint(new Bitfield(2), [new PartialPiece(asked[0].Piece, new byte[] { 0x80 })]), rig.Now);
        rig.Serve(rig.ConnectSeed(3));
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(8, rig.Effects.Written.Count);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void Dials_end_with_the_run_and_are_repeated_in_the_next()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        rig.Machine.Stop(rig.Now);
        rig.Start();
        Assert.Equal([TorrentRig.Address(1), TorrentRig.Address(1)], rig.Effects.Dialled);
    }

    [Fact]
    public void A_failure_that_only_the_user_can_repair_ends_the_run_until_the_next_start()
    {
        var rig = new TorrentRig().Start();
        PeerKey peer = rig.Connect(1);
        rig.Machine.Fail("the folder is gone", TorrentReason.Missing, rig.Now);
        Assert.Equal(new TorrentPhase.Failed("the folder is gone") { Code = TorrentReason.Missing }, rig.Machine.Phase);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(peer));
        Assert.Equal("the folder is gone", rig.Machine.Snapshot(rig.Now).Reason);
        Assert.True(rig.Machine.HasLeft);
        rig.Start();
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
    }

    [Fact]
    public void A_start_has_only_the_pieces_that_it_is_given()
    {
        var rig = new TorrentRig().StartComplete();
        rig.Machine.Stop(rig.Now);
        rig.Start(1, 2);
        Assert.Equal(2, rig.Machine.Have.Count);
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
    }

    [Fact]
    public void Two_machines_with_the_same_seed_and_inputs_do_the_same()
    {
        string[] runs = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var rig = new TorrentRig(pieces: 50).Start();
            PeerKey first = rig.ConnectSeed(1);
            PeerKey second = rig.ConnectSeed(2);
            for (int i = 0; i < 10; i++)
            {
                rig.Serve(first, rounds: 1);
                rig.Serve(second, rounds: 2);
                rig.Advance(TimeSpan.FromSeconds(1));
            }

            return string.Join(' ', rig.Effects.Written);
        })];
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void A_peer_that_just_sent_blocks_counts_as_a_source_even_without_requests()
    {
        var rig = new TorrentRig(pieces: 20).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed, rounds: 2);
        rig.Receive(seed, PeerMessage.Choke, PeerMessage.HaveNone);
        Assert.Equal("Downloading from 1 of 1 peer.", Why(rig).Words);
        rig.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("1 peer is connected, but none has what is missing.", Why(rig).Words);
    }

    [Fact]
    public void The_status_says_why_it_is_not_faster()
    {
        var rig = new TorrentRig(pieces: 2).Start(0);
        Assert.Equal((WhyCode.NoPeersKnown, "No peers are known, and the torrent has no tracker to ask."), Why(rig));
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        Assert.Equal((WhyCode.Connecting, "Connecting to 1 peer."), Why(rig));
        rig.Machine.OnConnectFailed(TorrentRig.Address(1), DisconnectReason.Refused, rig.Now);
        Assert.Equal((WhyCode.PeersUnreachable, "1 peer could not be reached and will be tried again."), Why(rig));
        PeerKey peer = rig.Connect(2);
        Assert.Equal((WhyCode.NobodyHasMissing, "1 peer is connected, but none has what is missing."), Why(rig));
        rig.Receive(peer, PeerMessage.HaveAll);
        Assert.Equal((WhyCode.AllChoke, "1 peer is connected, but those with what is missing choke us."), Why(rig));
        rig.Receive(peer, PeerMessage.Unchoke);
        Assert.Equal((WhyCode.Downloading, "Downloading from 1 of 1 peer."), Why(rig));
        List<BlockRange> asked = rig.TakeRequests(peer);
        rig.Advance(TimeSpan.FromSeconds(32));
        Assert.Equal((WhyCode.NobodySends, "1 peer is connected, but those with what is missing send nothing."), Why(rig));
        rig.Receive(peer, [.. asked.Select(rig.Block)]);
        Assert.Equal((WhyCode.DiskBehind, "Waiting for the disk to write and check the last pieces."), Why(rig));
        rig.Hash();
        Assert.Equal(WhyCode.NobodyConnected, Why(rig).Code);
        rig.Machine.Stop(rig.Now);
        Assert.Equal((WhyCode.Stopped, "Stopped."), Why(rig));
    }

    [Fact]
    public void The_status_shows_what_arrived_and_how_long_it_will_take()
    {
        var rig = new TorrentRig(pieces: 4).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Receive(seed, [.. rig.TakeRequests(seed).Take(4).Select(rig.Block)]);
        rig.Hash();
        TorrentStatus status = rig.Machine.Snapshot(rig.Now);
        Assert.Equal((4 * 16384, 1, 4, 1, 1), (status.Downloaded.Bytes, status.PiecesHave, status.PieceCount, status.Peers, status.Seeds));
        Assert.Equal(0.25, status.Progress);
        Assert.True(status.DownloadRate.BytesPerSecond > 0);
        Assert.InRange(status.Eta!.Value.TotalSeconds, 0.1, 100);
    }

    private static (WhyCode Code, string Words) Why(TorrentRig rig)
    {
        TorrentStatus status = rig.Machine.Snapshot(rig.Now);
        return (status.WhyCode, status.Why);
    }
}
