using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Torrents;

public class AnnouncingTests
{
    private const string Tracker = "http://tracker.test/announce";

    [Fact]
    public void A_run_is_announced_from_its_start_over_its_completion_to_its_stop()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        Assert.Equal(AnnounceEvent.Started, rig.Effects.Announces.Single().Request.Event);
        Assert.Equal(rig.Layout.TotalLength, rig.Effects.Announces[0].Request.Left);
        rig.Machine.OnAnnounced(Tracker, Answer(1), rig.Now);
        Assert.Equal([TorrentRig.Address(1)], rig.Effects.Dialled);

        PeerKeyServe(rig);
        Assert.Equal(AnnounceEvent.Completed, rig.Effects.Announces[1].Request.Event);
        Assert.Equal((0, rig.Layout.TotalLength), (rig.Effects.Announces[1].Request.Left, rig.Effects.Announces[1].Request.Downloaded));
        rig.Machine.OnAnnounced(Tracker, Answer(), rig.Now);

        rig.Machine.Stop(rig.Now);
        Assert.Equal(AnnounceEvent.Stopped, rig.Effects.Announces[2].Request.Event);
        Assert.False(rig.Machine.HasLeft);
        rig.Machine.OnAnnounced(Tracker, Answer(), rig.Now);
        Assert.True(rig.Machine.HasLeft);
    }

    [Fact]
    public void What_was_complete_at_the_start_never_says_completed()
    {
        var rig = new TorrentRig(tracker: Tracker).StartComplete();
        rig.Machine.OnAnnounced(Tracker, Answer(), rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AnnounceEvent.Started, rig.Effects.Announces.Single().Request.Event);
        Assert.Equal(0, rig.Effects.Announces[0].Request.Left);
        Assert.Empty(rig.Effects.Facts.OfType<TorrentFact.Completed>());
    }

    [Fact]
    public void We_do_not_dial_the_address_that_a_tracker_names_with_our_own_id()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(Tracker, new AnnounceResponse { Interval = TimeSpan.FromMinutes(30), Peers = [new(TorrentRig.Address(9), TorrentRig.IdOf(0))] }, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
    }

    [Fact]
    public void A_failing_tracker_is_tried_again_and_explained()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounceFailed(Tracker, "connection refused", rig.Now);
        string why = rig.Machine.Snapshot(rig.Now).Why;
        Assert.Contains(Tracker, why, StringComparison.Ordinal);
        Assert.Contains("connection refused", why, StringComparison.Ordinal);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.AnnounceFailed>());
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.True(rig.Effects.Announces.Count > 1);
    }

    private static AnnounceResponse Answer(params int[] peers) => new()
    {
        Interval = TimeSpan.FromMinutes(30),
        Peers = [.. peers.Select(peer => new AnnouncedPeer(TorrentRig.Address(peer), null))],
    };

    private static void PeerKeyServe(TorrentRig rig) => rig.Serve(rig.ConnectSeed(2));
}
