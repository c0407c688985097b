using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Torrents;

public class AnnouncingTests
{
    private const string Tracker = "http://tracker.test/announce";

    [Fact]
    public void A_run_is_announced_at_its_start_its_completion_and_its_stop()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        Assert.Equal(AnnounceEvent.Started, rig.Effects.Announces.Single().Request.Event);
        Assert.Equal(rig.Layout.TotalLength, rig.Effects.Announces[0].Request.Left);
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1), rig.Now);
        Assert.Equal([TorrentRig.Address(1)], rig.Effects.Dialled);

        PeerKeyServe(rig);
        Assert.Equal(AnnounceEvent.Completed, rig.Effects.Announces[1].Request.Event);
        Assert.Equal((0, rig.Layout.TotalLength), (rig.Effects.Announces[1].Request.Left, rig.Effects.Announces[1].Request.Downloaded));
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(), rig.Now);

        rig.Machine.Stop(rig.Now);
        Assert.Equal(AnnounceEvent.Stopped, rig.Effects.Announces[2].Request.Event);
        Assert.False(rig.Machine.HasLeft);
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(), rig.Now);
        Assert.True(rig.Machine.HasLeft);
    }

    [Fact]
    public void A_torrent_that_was_complete_at_the_start_never_announces_completed()
    {
        var rig = new TorrentRig(tracker: Tracker).StartComplete();
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(), rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AnnounceEvent.Started, rig.Effects.Announces.Single().Request.Event);
        Assert.Equal(0, rig.Effects.Announces[0].Request.Left);
        Assert.Empty(rig.Effects.Facts.OfType<TorrentFact.Completed>());
    }

    [Fact]
    public void We_do_not_dial_the_address_that_a_tracker_names_with_our_own_id()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(
            rig.Target(Tracker),
            new AnnounceResponse { Interval = TimeSpan.FromMinutes(30), Peers = [new(TorrentRig.Address(9), TorrentRig.IdOf(0))] },
            rig.Now);
        Assert.Empty(rig.Effects.Dialled);
    }

    [Theory]
    [InlineData("http://another.test/announce", true, true)]
    [InlineData("udp://tracker.test:6969", true, false)]
    [InlineData("http://another.test/announce", false, false)]
    public void A_private_torrent_leaves_the_peers_of_a_tracker_that_it_leaves(string second, bool isPrivate, bool leaves)
    {
        var rig = new TorrentRig(tracker: Tracker, isPrivate: isPrivate, secondTracker: second).Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(7)], PeerSource.Manual, rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1, 2), rig.Now);
        rig.Advance(TimeSpan.FromMinutes(6));
        PeerKey named = rig.Connect(7, outgoing: true);
        PeerKey found = rig.Connect(1, outgoing: true);
        PeerKey incoming = rig.Connect(5);
        rig.Machine.Reannounce(rig.Now);
        rig.Machine.OnAnnounceFailed(rig.Target(Tracker), "it is gone", rig.Now);
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, rig.Effects.Announces[^1].Tracker);
        Assert.Null(rig.DropOf(found));
        rig.Machine.OnAnnounced(rig.Target(second), Answer(3), rig.Now);
        DisconnectReason? expected = leaves ? DisconnectReason.Private : null;
        Assert.Equal((null, expected, expected), (rig.DropOf(named), rig.DropOf(found), rig.DropOf(incoming)));

        // A peer that was on its way from the first tracker is of no use either.
        Assert.Equal(expected, rig.DropOf(rig.Connect(2, outgoing: true)));
        Assert.Null(rig.DropOf(rig.Connect(3, outgoing: true)));
        Assert.Null(rig.DropOf(rig.Connect(6)));
    }

    [Theory]
    [InlineData("http://another.test/announce", true, true)]
    [InlineData("udp://tracker.test:6969", true, false)]
    [InlineData("http://another.test/announce", false, false)]
    public void A_magnet_of_a_private_torrent_does_not_mix_the_peers_of_two_trackers(string second, bool isPrivate, bool leaves)
    {
        TorrentRig rig = new(tracker: Tracker, isPrivate: isPrivate, secondTracker: second, isMagnet: true, isPrivateKnown: false);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        rig.Machine.OnPeersFound([TorrentRig.Address(7)], PeerSource.Manual, rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1), rig.Now);
        rig.Advance(TimeSpan.FromMinutes(6));
        PeerKey named = rig.Connect(7, outgoing: true);
        PeerKey found = rig.Connect(1, outgoing: true);
        FailFirstTracker(rig, second);
        rig.Machine.OnAnnounced(rig.Target(second), Answer(2), rig.Now);
        PeerKey later = rig.Connect(2, outgoing: true);
        Assert.Null(rig.DropOf(found) ?? rig.DropOf(later));
        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        DisconnectReason? expected = leaves ? DisconnectReason.Private : null;
        Assert.Equal((null, expected, expected), (rig.DropOf(named), rig.DropOf(found), rig.DropOf(later)));
    }

    [Fact]
    public void A_magnet_of_a_private_torrent_leaves_its_tracker_once_another_one_answers()
    {
        const string Second = "http://another.test/announce";
        TorrentRig rig = new(tracker: Tracker, isPrivate: true, secondTracker: Second, isMagnet: true, isPrivateKnown: false);
        rig.Machine.Start(StartingPoint.Empty(0), rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1), rig.Now);
        rig.Advance(TimeSpan.FromMinutes(6));
        PeerKey found = rig.Connect(1, outgoing: true);
        rig.Machine.OnMetadata(rig.Metainfo, StartingPoint.Empty(rig.Layout.PieceCount), rig.Now);
        Assert.Null(rig.DropOf(found));
        FailFirstTracker(rig, Second);
        rig.Machine.OnAnnounced(rig.Target(Second), Answer(2), rig.Now);
        Assert.Equal(DisconnectReason.Private, rig.DropOf(found));
    }

    [Theory]
    [InlineData("http://another.test/announce", true, true)]
    [InlineData("http://another.test/announce", false, false)]
    [InlineData(Tracker + "?more", true, false)]
    public void A_private_torrent_leaves_the_peers_of_a_tracker_that_is_removed(string instead, bool isPrivate, bool leaves)
    {
        var rig = new TorrentRig(tracker: Tracker, isPrivate: isPrivate).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1), rig.Now);
        PeerKey found = rig.Connect(1, outgoing: true);
        rig.Machine.ApplySettings(new TorrentSettings { Trackers = [[instead]] }, rig.Now);
        Assert.Equal(leaves ? DisconnectReason.Private : null, rig.DropOf(found));
        Assert.Equal(
            [(Tracker, AnnounceEvent.Stopped), (instead, AnnounceEvent.Started)],
            rig.Effects.Announces.Skip(1).Select(announce => (announce.Tracker, announce.Request.Event)));

        // Late answers of the old tracker bring no peers.
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(2), rig.Now);
        Assert.DoesNotContain(TorrentRig.Address(2), rig.Effects.Dialled);
    }

    [Fact]
    public void Settings_that_name_the_same_trackers_announce_nothing()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(1), rig.Now);
        rig.Machine.ApplySettings(new TorrentSettings { Trackers = [[Tracker]], MaxPeers = 7 }, rig.Now);
        rig.Machine.ApplySettings(new TorrentSettings(), rig.Now);
        Assert.Single(rig.Effects.Announces);
    }

    [Fact]
    public void A_failing_tracker_is_tried_again_and_explained()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounceFailed(rig.Target(Tracker), "connection refused", rig.Now);
        string why = rig.Machine.Snapshot(rig.Now).Why;
        Assert.Contains(Tracker, why, StringComparison.Ordinal);
        Assert.Contains("connection refused", why, StringComparison.Ordinal);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.AnnounceFailed>());
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.True(rig.Effects.Announces.Count > 1);
    }

    [Fact]
    public void Trackers_are_told_what_failed_its_hash()
    {
        var rig = new TorrentRig(tracker: Tracker).Start();
        rig.Machine.OnAnnounced(rig.Target(Tracker), Answer(), rig.Now);
        rig.Serve(rig.ConnectSeed(2), hashOk: false, rounds: 1);
        rig.Machine.Stop(rig.Now);
        AnnounceRequest last = rig.Effects.Announces[^1].Request;
        Assert.Equal(rig.Effects.Facts.OfType<TorrentFact.PieceFailed>().Count() * (long)TorrentRig.PieceLength, last.Corrupt);
        Assert.InRange(last.Corrupt, TorrentRig.PieceLength, last.Downloaded);
    }

    [Fact]
    public void Peers_that_a_tracker_names_over_either_family_are_dialled()
    {
        var rig = new TorrentRig(tracker: Tracker, families: [AnnounceFamily.IPv4, AnnounceFamily.IPv6]).Start();
        Assert.Equal([AnnounceFamily.IPv4, AnnounceFamily.IPv6], rig.Effects.Announces.Select(announce => announce.Request.Family));
        Assert.Single(rig.Effects.Announces.Select(announce => announce.Request.Key).Distinct());
        rig.Machine.OnAnnounced(rig.Target(Tracker, AnnounceFamily.IPv6), Answer(1), rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker, AnnounceFamily.IPv4), Answer(1, 2), rig.Now);
        Assert.Equal([TorrentRig.Address(1), TorrentRig.Address(2)], rig.Effects.Dialled);
    }

    [Fact]
    public void The_failure_of_one_family_is_not_reported_while_the_other_works()
    {
        var rig = new TorrentRig(tracker: Tracker, families: [AnnounceFamily.IPv4, AnnounceFamily.IPv6]).Start();
        rig.Machine.OnAnnounceFailed(rig.Target(Tracker, AnnounceFamily.IPv6), "no way", rig.Now);
        rig.Machine.OnAnnounced(rig.Target(Tracker, AnnounceFamily.IPv4), Answer(1), rig.Now);
        Assert.Empty(rig.Effects.Facts.OfType<TorrentFact.AnnounceFailed>());
        rig.Machine.Stop(rig.Now);
        rig.Machine.OnAnnounceSkipped(rig.Target(Tracker, AnnounceFamily.IPv4), rig.Now);
        Assert.True(rig.Machine.HasLeft);
    }

    private static void FailFirstTracker(TorrentRig rig, string second)
    {
        rig.Machine.Reannounce(rig.Now);
        rig.Machine.OnAnnounceFailed(rig.Target(Tracker), "it is gone", rig.Now);
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, rig.Effects.Announces[^1].Tracker);
    }

    private static AnnounceResponse Answer(params int[] peers) => new()
    {
        Interval = TimeSpan.FromMinutes(30),
        Peers = [.. peers.Select(peer => new AnnouncedPeer(TorrentRig.Address(peer), null))],
    };

    private static void PeerKeyServe(TorrentRig rig) => rig.Serve(rig.ConnectSeed(2));
}
