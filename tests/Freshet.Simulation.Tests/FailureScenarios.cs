using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation.Tests;

public class FailureScenarios
{
    // At this rate the torrent takes about a minute and a quarter.
    private static readonly SimPeerOptions VerySlow = new() { Uplink = new DataRate(20_000) };

    [Fact]
    public void Leechers_may_come_and_go() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(300_000) });
        SimPeer stays = swarm.AddLeecher();
        SimPeer leaves = swarm.AddLeecher();
        SimPeer dies = swarm.AddLeecher();
        swarm.RunUntil(() => leaves.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        leaves.Stop();
        swarm.RunUntil(() => dies.Machine.Have.Count > 8, TimeSpan.FromMinutes(1), "more pieces");
        dies.Kill();
        SimPeer comes = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), stays, comes);
    });

    [Fact]
    public void The_only_seed_may_leave_and_return() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(100_000) });
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        seed.Kill();
        swarm.Run(TimeSpan.FromSeconds(90));
        Assert.False(leecher.IsSeeding);
        seed.Restart();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(10), leecher);
        Assert.InRange(leecher.Downloaded, swarm.Content.Bytes.Length, swarm.Content.Bytes.Length + (256 * 1024));
    });

    [Fact]
    public void A_seed_that_freezes_is_used_again_when_it_goes_on() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(100_000) });
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        seed.Host.IsStalled = true;
        swarm.Run(TimeSpan.FromSeconds(75));
        swarm.Network.Resume(seed.Host);
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(1), leecher);
    });

    [Fact]
    public void A_full_disk_pauses_it_and_it_goes_on_when_there_is_space() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(200_000) });
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        leecher.Disk.IsFull = true;
        swarm.RunUntil(() => leecher.Machine.Phase is TorrentPhase.WaitingForDisk, TimeSpan.FromSeconds(10), "it to pause");
        int had = leecher.Machine.Have.Count;
        swarm.Run(TimeSpan.FromMinutes(1));
        Assert.True(leecher.Machine.Phase is TorrentPhase.WaitingForDisk
        {
            Reason: "no space left on the simulated disk" or "the simulated disk fails still",
        });
        Assert.Equal(had, leecher.Machine.Have.Count);
        leecher.Disk.IsFull = false;
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(1), leecher);
    });

    [Fact]
    public void A_seed_whose_disk_fails_chokes_and_goes_on_when_it_reads_again() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(200_000) });
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        seed.Disk.CannotRead = true;
        swarm.RunUntil(() => seed.Machine.Phase is TorrentPhase.WaitingForDisk, TimeSpan.FromSeconds(10), "the seed to pause");
        swarm.Run(TimeSpan.FromSeconds(20));
        seed.Disk.CannotRead = false;
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_loses_only_what_came_since_the_last_checkpoint(bool powerFails) => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(VerySlow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.Run(TimeSpan.FromSeconds(31));
        int atCheckpoint = leecher.Machine.Have.Count;
        long bytesAtCheckpoint = leecher.Downloaded;
        Assert.True(atCheckpoint > 3, $"{atCheckpoint} pieces in half a minute");
        swarm.Run(TimeSpan.FromSeconds(15));
        leecher.Kill(powerFails);
        swarm.Run(TimeSpan.FromSeconds(5));
        leecher.Restart();
        Assert.InRange(leecher.Machine.Have.Count, atCheckpoint - 1, atCheckpoint);
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);

        // The checkpoint itself takes a second; the rest was on its way when the new run sent its first requests.
        Assert.True(
            leecher.Downloaded + bytesAtCheckpoint < swarm.Content.Bytes.Length + (8 * 16 * 1024),
            $"{leecher.Downloaded} bytes after the crash, {bytesAtCheckpoint} before the checkpoint");
    });

    [Fact]
    public void A_stop_loses_nothing_at_all() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(VerySlow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.Run(TimeSpan.FromSeconds(40));
        long before = leecher.Downloaded;
        leecher.Stop();
        swarm.Run(TimeSpan.FromSeconds(5));
        leecher.Restart();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        Assert.InRange(before + leecher.Downloaded, swarm.Content.Bytes.Length, swarm.Content.Bytes.Length + (4 * 16 * 1024));
    });

    [Fact]
    public void A_pause_and_a_start_in_the_same_run_lose_nothing() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(VerySlow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.Run(TimeSpan.FromSeconds(40));
        long before = leecher.Downloaded;
        leecher.Pause();
        swarm.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(0, leecher.ConnectionCount);
        leecher.Resume();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        Assert.InRange(leecher.Downloaded, swarm.Content.Bytes.Length - before, swarm.Content.Bytes.Length + (4 * 16 * 1024));
    });

    [Fact]
    public void What_the_disk_loses_while_the_torrent_is_paused_is_downloaded_again() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();
        leecher.Disk.Latency = TimeSpan.FromMilliseconds(50);
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        leecher.Disk.IsFull = true;
        leecher.Pause();
        swarm.Run(TimeSpan.FromSeconds(20));
        leecher.Disk.IsFull = false;
        leecher.Resume();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(1), leecher);
    });

    [Fact]
    public void Without_a_record_the_data_is_checked_and_good_pieces_are_kept() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed();
        SimPeer leecher = new(swarm, "checks", swarm.NewHost(), new SimPeerOptions());
        byte[] content = [.. swarm.Content.Bytes];
        swarm.Content.Of(content, new PieceIndex(3))[100] ^= 1;
        swarm.Content.Of(content, new PieceIndex(9)).Clear();
        leecher.Disk.Files.Put(content);
        leecher.StartByChecking();
        Assert.IsType<TorrentPhase.Checking>(leecher.Machine.Phase);
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(20), leecher);
        int[] fetched = [.. leecher.Facts.OfType<TorrentFact.PieceVerified>().Select(fact => fact.Piece.Value).Order()];
        Assert.Equal([3, 9], fetched);
        leecher.CheckBytes();
        leecher.Stop();
    });
}
