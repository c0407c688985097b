using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

public class DownloadScenarios
{
    [Fact]
    public void One_leecher_gets_everything_from_one_seed() => SimSwarm.OverSeeds(10, swarm =>
    {
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(20), leecher);
        Assert.Equal(swarm.Content.Bytes.Length, leecher.Downloaded);
        Assert.Equal(0, leecher.EndgameRequests);
    });

    [Fact]
    public void Ten_leechers_get_everything_from_one_seed_and_each_other() => SimSwarm.OverSeeds(3, swarm =>
    {
        SimPeer seed = swarm.AddSeed();
        SimPeer[] leechers = [.. Enumerable.Range(0, 10).Select(_ => swarm.AddLeecher())];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(3), leechers);
        long uploaded = seed.Machine.Snapshot(swarm.Clock.Now).Uploaded.Bytes;
        Assert.True(uploaded < swarm.Content.Bytes.Length * 8L, $"the seed sent {uploaded} bytes: they did not share");
    });

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        Assert.Equal(Fingerprint(seed: 5), Fingerprint(seed: 5));
        Assert.NotEqual(Fingerprint(seed: 5), Fingerprint(seed: 6));
    }

    [Fact]
    public void Slow_lines_with_loss_and_delay_only_slow_it_down() => SimSwarm.OverSeeds(3, swarm =>
    {
        SimPeerOptions bad = new() { Uplink = new DataRate(200_000), Latency = TimeSpan.FromMilliseconds(150), Loss = 0.1 };
        swarm.AddSeed(bad);
        SimPeer[] leechers = [swarm.AddLeecher(bad), swarm.AddLeecher(bad), swarm.AddLeecher(bad)];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(3), leechers);
    });

    [Fact]
    public void Little_memory_only_slows_it_down() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.AddSeed();
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher(new SimPeerOptions { PoolBlocks = 3 });
        leecher.Disk.Latency = TimeSpan.FromMilliseconds(20);
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(1), leecher);
    });

    [Fact]
    public void Pieces_are_fetched_in_order_if_that_is_wanted() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher(new SimPeerOptions { Settings = new TorrentSettings { Sequential = true } });
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(20), leecher);
        int[] order = [.. leecher.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value)];

        // The seed allows a few pieces while it still chokes; four of their blocks are requested before the first piece, which makes two
        // pieces if one of them is the short last one.
        Assert.InRange(Enumerable.Range(1, order.Length - 1).Count(i => order[i] < order[i - 1]), 0, 2);
        Assert.Equal(0, order.Take(3).Min());
    });

    [Fact]
    public void Only_skipped_files_are_left_out() => SimSwarm.OverSeeds(
        3,
        seed => new SimSwarm(seed, files: [200_000, 0, 300_000, 400_000, 10]),
        swarm =>
        {
            swarm.AddSeed();
            SimPeer leecher = swarm.AddLeecher(new SimPeerOptions
            {
                Settings = new TorrentSettings
                {
                    FilePriorities =
                        [PiecePriority.Normal, PiecePriority.Normal, PiecePriority.Skip, PiecePriority.Skip, PiecePriority.High],
                },
            });
            swarm.RunUntilSeeding(TimeSpan.FromSeconds(20), leecher);
            int last = swarm.Content.Layout.PieceCount - 1;
            int[] wanted = [0, 1, 2, 3, last];
            Assert.Equal(
                wanted, Enumerable.Range(0, swarm.Content.Layout.PieceCount).Where(piece => leecher.Machine.Have[new PieceIndex(piece)]));
            Assert.Equal(0, leecher.Machine.Snapshot(swarm.Clock.Now).Left.Bytes);
        });

    [Fact]
    public void The_tracker_may_come_late() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.Tracker.IsUp = false;
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();
        swarm.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(0, leecher.Machine.Have.Count);
        Assert.Contains(leecher.Facts, fact => fact is TorrentFact.AnnounceFailed);
        swarm.Tracker.IsUp = true;
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(10), leecher);
    });

    [Fact]
    public void The_tracker_hears_started_completed_and_stopped() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(20), leecher);
        swarm.Run(TimeSpan.FromMinutes(1));
        leecher.Stop();
        swarm.RunUntil(() => leecher.Machine.HasLeft, TimeSpan.FromMinutes(1), "the leecher to have left");
        AnnounceRequest[] its = [.. swarm.Tracker.Announces.Where(announce => announce.Left > 0 || announce.Downloaded > 0)];
        AnnounceEvent[] events = [.. its.Select(announce => announce.Event).Where(@event => @event != AnnounceEvent.None)];
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Completed, AnnounceEvent.Stopped], events);
        Assert.Equal(1, swarm.Tracker.PeerCount);
    });

    [Fact]
    public void A_seed_without_peers_is_seldom_ticked() => SimSwarm.OverSeeds(3, swarm =>
    {
        SimPeer seed = swarm.AddSeed();
        swarm.Run(TimeSpan.FromHours(1));

        // The simulated tracker expects an announce every two minutes: one tick to ask, one for the answer.
        Assert.InRange(swarm.Tracker.Announces.Count, 29, 32);
        Assert.InRange(seed.Ticks, 29, 3 * 32);
    });

    [Fact]
    public void A_seed_whose_peers_want_nothing_is_seldom_ticked_and_keeps_them() => SimSwarm.OverSeeds(3, swarm =>
    {
        QuietPeer[] quiet = [.. Enumerable.Range(0, 5).Select(_ => new QuietPeer(swarm, swarm.NewHost()))];
        SimPeer seed = swarm.AddSeed();
        swarm.Run(TimeSpan.FromHours(1));
        Assert.Equal(5, seed.ConnectionCount);
        Assert.All(quiet, peer => Assert.Equal(1, peer.TimesDialled));

        // In an hour each connection sends 36 keep-alives and receives 30.
        Assert.InRange(seed.Ticks, 36, (3 * 32) + (5 * 2 * 70));
    });

    private static (ulong, long) Fingerprint(int seed)
    {
        SimSwarm swarm = new(seed);
        swarm.AddSeed();
        SimPeer[] leechers =
            [swarm.AddLeecher(new SimPeerOptions { Loss = 0.05 }), swarm.AddLeecher(new SimPeerOptions { Uplink = new DataRate(100_000) })];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leechers);
        swarm.Finish();
        return (swarm.Trace.Fingerprint, swarm.Trace.Lines);
    }
}
