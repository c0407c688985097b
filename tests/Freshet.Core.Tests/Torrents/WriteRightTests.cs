using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Another session may write the same files: nothing is fetched before the right to write them is granted.</summary>
public class WriteRightTests
{
    [Fact]
    public void Nothing_is_requested_before_the_right_to_write_is_granted()
    {
        TorrentRig rig = Start(new TorrentRig());
        PeerKey seed = rig.ConnectSeed(1);
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, rig.Effects.Claims);
        Assert.Empty(rig.TakeRequests(seed));
        Assert.Equal("Waiting until no other program or session writes the torrent's files.", rig.Machine.Snapshot(rig.Now).Why);
        rig.Machine.OnDataClaimed(rig.Now);
        rig.Serve(seed);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(1, rig.Effects.Claims);
    }

    [Fact]
    public void A_run_that_begins_with_the_right_does_not_wait()
    {
        TorrentRig rig = new TorrentRig().Start();
        Assert.NotEmpty(rig.TakeRequests(rig.ConnectSeed(1)));
        Assert.Equal(0, rig.Effects.Claims);
    }

    [Fact]
    public void A_check_that_finds_everything_requests_nothing()
    {
        TorrentRig rig = Check(new TorrentRig(), missing: -1);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Equal(0, rig.Effects.Claims);
    }

    [Fact]
    public void A_check_that_finds_something_missing_waits_for_the_right()
    {
        TorrentRig rig = Check(new TorrentRig(), missing: 3);
        PeerKey seed = rig.ConnectSeed(1);
        Assert.Equal(1, rig.Effects.Claims);
        Assert.Empty(rig.TakeRequests(seed));
        rig.Machine.OnDataClaimed(rig.Now);
        Assert.Equal([3], rig.TakeRequests(seed).Select(range => range.Piece.Value).Distinct());
    }

    [Fact]
    public void A_seed_that_loses_a_piece_asks_for_the_right_each_time()
    {
        TorrentRig rig = Check(new TorrentRig(), missing: -1);
        for (int time = 1; time <= 2; time++)
        {
            rig.Machine.OnPieceLost(new PieceIndex(2), rig.Now);
            PeerKey seed = rig.ConnectSeed(time);
            rig.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(time, rig.Effects.Claims);
            Assert.Empty(rig.TakeRequests(seed));
            rig.Machine.OnDataClaimed(rig.Now);
            rig.Lose(new PieceIndex(2));
            List<BlockRange> requests = rig.TakeRequests(seed);
            Assert.Equal(TorrentRig.BlocksPerPiece, requests.Count);
            rig.Receive(seed, [.. requests.Select(rig.Block)]);
            rig.Machine.OnPieceHashed(new PieceVerdict(new PieceIndex(2), true), rig.Now);
            Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        }
    }

    [Fact]
    public void A_refusal_ends_the_run_and_the_next_asks_again()
    {
        TorrentRig rig = Start(new TorrentRig());
        rig.Machine.Fail("another session writes there", TorrentReason.Other, rig.Now);
        rig.Machine.OnDataClaimed(rig.Now);
        Start(rig);
        PeerKey seed = rig.ConnectSeed(1);
        Assert.Equal(2, rig.Effects.Claims);
        Assert.Empty(rig.TakeRequests(seed));
        rig.Machine.OnDataClaimed(rig.Now);
        Assert.NotEmpty(rig.TakeRequests(seed));
    }

    [Fact]
    public void A_late_answer_is_not_the_answer_to_the_next_request()
    {
        // What is missing is no longer wanted, so the right is returned; then it is wanted again.
        TorrentRig rig = Start(new TorrentRig());
        rig.Machine.ApplySettings(new TorrentSettings { FilePriorities = [PiecePriority.Skip] }, rig.Now);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        rig.Machine.ApplySettings(new TorrentSettings(), rig.Now);
        PeerKey seed = rig.ConnectSeed(1);
        Assert.Equal(2, rig.Effects.Claims);
        rig.Machine.OnDataClaimed(rig.Now);
        Assert.Empty(rig.TakeRequests(seed));
        rig.Machine.OnDataClaimed(rig.Now);
        Assert.NotEmpty(rig.TakeRequests(seed));
    }

    [Fact]
    public void While_the_disk_prevents_us_from_taking_the_right_nothing_is_requested_and_later_it_is_tried_again()
    {
        TorrentRig rig = Start(new TorrentRig());
        PeerKey seed = rig.ConnectSeed(1);
        rig.Machine.OnDataNotClaimed(new DiskFailure(DiskOperation.Write, "the disk is full", []), rig.Now);
        Assert.IsType<TorrentPhase.WaitingForDisk>(rig.Machine.Phase);
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, rig.Effects.Claims);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.Equal(2, rig.Effects.Claims);
        Assert.Empty(rig.TakeRequests(seed));
        rig.Machine.OnDataClaimed(rig.Now);
        Assert.NotEmpty(rig.TakeRequests(seed));
    }

    private static TorrentRig Start(TorrentRig rig)
    {
        rig.Machine.Start(StartingPoint.Empty(rig.Layout.PieceCount) with { MustClaim = true }, rig.Now);
        return rig;
    }

    private static TorrentRig Check(TorrentRig rig, int missing)
    {
        var all = new Bitfield(rig.Layout.PieceCount);
        all.AddAll();
        rig.Machine.Start(StartingPoint.Empty(rig.Layout.PieceCount) with { ToCheck = all, MustClaim = true }, rig.Now);
        for (int piece = 0; piece < rig.Layout.PieceCount; piece++)
            rig.Machine.OnPieceChecked(new PieceIndex(piece), piece != missing);
        rig.Machine.OnCheckFinished(rig.Now);
        return rig;
    }
}
