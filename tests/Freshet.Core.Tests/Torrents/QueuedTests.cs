using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Torrents;

public class QueuedTests
{
    private const string Tracker = "http://tracker.test/announce";

    private static readonly Allotment Waiting =
        Allotment.Unlimited with { Waits = new QueuePlace(3, 2, QueueLimit.Downloads) };

    [Fact]
    public void A_torrent_that_must_wait_stays_out_of_the_swarm_and_says_how_many_are_ahead()
    {
        var rig = new TorrentRig(tracker: Tracker, allotment: Waiting).Start();
        rig.Advance(TimeSpan.FromMinutes(5));
        TorrentStatus status = rig.Machine.Snapshot(rig.Now);
        Assert.Equal(TorrentState.Queued, status.State);
        Assert.Equal(WhyCode.Queued, status.WhyCode);
        Assert.Equal(3, status.QueuedBehind);
        Assert.Equal("Queued behind 3 others: at most 2 may download at once.", status.Why);
        Assert.Empty(rig.Effects.Announces);
        Assert.Equal(Activity.Download, rig.Effects.Demanded.Wants);
    }

    [Fact]
    public void It_continues_what_it_has_begun_when_it_is_its_turn()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
        PeerKey seed = rig.ConnectSeed(1);
        rig.Machine.OnAllotted(Waiting, rig.Now);
        Assert.IsType<TorrentPhase.Queued>(rig.Machine.Phase);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Peers);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(seed));
        Assert.Equal(AnnounceEvent.Stopped, rig.Effects.Announces[^1].Request.Event);

        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        Assert.Null(rig.Machine.Snapshot(rig.Now).QueuedBehind);
        rig.Serve(rig.ConnectSeed(2));
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
    }

    /// <summary>BEP 3 has a tracker told what was sent and received since `started`.</summary>
    [Fact]
    public void What_a_tracker_was_told_before_the_wait_is_not_repeated()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
        rig.Serve(rig.ConnectSeed(1), rounds: 1);
        rig.Machine.OnAllotted(Waiting, rig.Now);
        AnnounceRequest stopped = rig.Effects.Announces[^1].Request;
        Assert.Equal(AnnounceEvent.Stopped, stopped.Event);
        Assert.InRange(stopped.Downloaded, 1, rig.Layout.TotalLength - 1);

        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        AnnounceRequest started = rig.Effects.Announces[^1].Request;
        Assert.Equal(AnnounceEvent.Started, started.Event);
        Assert.Equal((0, 0), (started.Uploaded, started.Downloaded));
        rig.Machine.OnAnnounced(rig.Target(Tracker), new AnnounceResponse { Interval = TimeSpan.FromMinutes(30) }, rig.Now);
        rig.Serve(rig.ConnectSeed(2));
        Assert.Equal(AnnounceEvent.Completed, rig.Effects.Announces[^1].Request.Event);
        Assert.Equal(rig.Layout.TotalLength, stopped.Downloaded + rig.Effects.Announces[^1].Request.Downloaded);
    }

    [Fact]
    public void A_download_that_is_finished_when_its_turn_ends_is_still_complete()
    {
        var rig = new TorrentRig().Start();
        rig.Serve(rig.ConnectSeed(1));
        rig.Machine.OnAllotted(Waiting, rig.Now);
        Assert.True(Assert.IsType<TorrentPhase.Queued>(rig.Machine.Phase).IsComplete);
        Assert.Equal(Activity.Seed, rig.Effects.Demanded.Wants);
        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
    }

    [Fact]
    public void It_completes_while_it_waits_if_nothing_more_is_wanted()
    {
        var rig = new TorrentRig(allotment: Waiting).Start();
        TorrentSettings nothing = new() { FilePriorities = [PiecePriority.Skip] };
        rig.Machine.ApplySettings(nothing, rig.Now);
        Assert.Equal(new TorrentPhase.Queued(HasAll: true), rig.Machine.Phase);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
        rig.Machine.ApplySettings(new TorrentSettings(), rig.Now);
        Assert.Equal(new TorrentPhase.Queued(HasAll: false), rig.Machine.Phase);
        rig.Machine.OnAllotted(Allotment.Unlimited, rig.Now);
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
    }

    [Fact]
    public void Disk_trouble_and_a_stop_are_possible_while_it_waits()
    {
        var rig = new TorrentRig(allotment: Waiting).Start();
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "no space", []), rig.Now);
        Assert.IsType<TorrentPhase.WaitingForDisk>(rig.Machine.Phase);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.IsType<TorrentPhase.Queued>(rig.Machine.Phase);
        rig.Machine.Stop(rig.Now);
        Assert.True(rig.Machine.HasLeft);
        Assert.Equal(Activity.None, rig.Effects.Demanded.Wants);
    }

    [Fact]
    public void A_torrent_becomes_slow_or_fast_only_after_some_time()
    {
        SlowRule rule = new(new DataRate(1024), TimeSpan.FromSeconds(30));
        var rig = new TorrentRig(pieces: 200, settings: new TorrentSettings { Slow = rule }).Start();
        rig.Advance(TimeSpan.FromSeconds(29));
        Assert.False(rig.Effects.Demanded.IsSlow);
        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.True(rig.Effects.Demanded.IsSlow);

        // It is fast for a moment, which is not enough.
        rig.Serve(rig.ConnectSeed(1));
        Assert.True(rig.Effects.Demanded.IsSlow);
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Activity.Seed, rig.Effects.Demanded.Wants);
        Assert.False(rig.Effects.Demanded.IsSlow);
        rig.Advance(TimeSpan.FromSeconds(30));
        Assert.True(rig.Effects.Demanded.IsSlow);
    }
}
