using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class DiskTests
{
    [Fact]
    public void A_full_disk_pauses_the_download_and_what_was_lost_is_requested_again()
    {
        var rig = new TorrentRig(pieces: 2).Start();
        PeerKey seed = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(seed);
        rig.Receive(seed, rig.Block(asked[0]));
        List<BlockRange> more = rig.TakeRequests(seed);
        rig.Machine.OnDiskFailed(
            new DiskFailure(DiskOperation.Write, "the disk is full", [asked[0].Piece]) { Code = TorrentReason.DiskFull }, rig.Now);
        Assert.Equal(new TorrentPhase.WaitingForDisk("the disk is full") { Code = TorrentReason.DiskFull }, rig.Machine.Phase);
        Assert.Contains("the disk is full", rig.Machine.Snapshot(rig.Now).Why, StringComparison.Ordinal);
        Assert.Equal([asked[0].Piece], rig.Effects.Discarded);
        Assert.All(
            asked.Skip(1).Concat(more),
            range => Assert.Contains(rig.Effects.Sent, entry => entry.Message.Id == MessageId.Cancel && entry.Message.Range == range));

        // Blocks that still arrive are returned, and nothing is requested.
        rig.Take(seed);
        rig.Receive(seed, rig.Block(asked[1]));
        rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(rig.TakeRequests(seed));
        Assert.Equal(0, rig.Effects.Probes);
        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, rig.Effects.Probes);

        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "the disk is still full", []), rig.Now);
        rig.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, rig.Effects.Probes);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
        rig.Effects.Written.Clear();
        rig.Serve(seed);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_full_disk_is_reported_once_however_many_writes_fail()
    {
        var rig = new TorrentRig().Start();
        for (int i = 0; i < 200; i++)
            rig.Machine.OnDiskFailed(
                new DiskFailure(DiskOperation.Write, $"file {i % 2}: full", []) { Code = TorrentReason.DiskFull }, rig.Now);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.PhaseChanged>(), fact => fact.Phase is TorrentPhase.WaitingForDisk);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "broken", []) { Code = TorrentReason.IoError }, rig.Now);
        Assert.Equal(new TorrentPhase.WaitingForDisk("broken") { Code = TorrentReason.IoError }, rig.Machine.Phase);
    }

    [Fact]
    public void Uploads_continue_while_the_disk_is_full_and_stop_while_it_cannot_be_read()
    {
        var rig = new TorrentRig().StartComplete();
        PeerKey peer = rig.Connect(1);
        rig.Receive(peer, PeerMessage.Interested);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", []), rig.Now);
        rig.Receive(peer, PeerMessage.Request(new BlockRange(default, 0, 16384)));
        Assert.Single(rig.Effects.Outbox);
        rig.Take(peer);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Read, "gone", [default]), rig.Now);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.Choke);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.Contains(rig.Take(peer), message => message.Id == MessageId.Unchoke);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
    }

    [Fact]
    public void The_last_piece_completes_the_download_after_the_disk_recovers()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Receive(seed, [.. rig.TakeRequests(seed).Select(rig.Block)]);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", []), rig.Now);
        rig.Hash();
        Assert.IsType<TorrentPhase.WaitingForDisk>(rig.Machine.Phase);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Single(rig.Effects.Facts.OfType<TorrentFact.Completed>());
    }

    [Fact]
    public void A_check_finds_what_is_there_and_the_rest_is_downloaded()
    {
        var rig = new TorrentRig(pieces: 4);
        var all = new Bitfield(4);
        all.AddAll();
        rig.Machine.Start(new StartingPoint(new Bitfield(4), [], all), rig.Now);
        Assert.Equal(4, rig.Effects.Checks.Single().Count);
        rig.Machine.OnPieceChecked(new PieceIndex(0), true);
        rig.Machine.OnPieceChecked(new PieceIndex(1), false);
        Assert.Equal(new TorrentPhase.Checking(2, 4), rig.Machine.Phase);
        Assert.Equal(0.5, rig.Machine.Snapshot(rig.Now).Progress);
        rig.Machine.OnPieceChecked(new PieceIndex(2), true);
        rig.Machine.OnPieceChecked(new PieceIndex(3), true);
        rig.Machine.OnCheckFinished(rig.Now);
        Assert.IsType<TorrentPhase.Downloading>(rig.Machine.Phase);
        rig.Serve(rig.ConnectSeed(1));
        Assert.Equal(4, rig.Effects.Written.Count);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_check_that_the_disk_interrupts_begins_again()
    {
        var rig = new TorrentRig(pieces: 4);
        var all = new Bitfield(4);
        all.AddAll();
        rig.Machine.Start(new StartingPoint(new Bitfield(4), [], all), rig.Now);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Check, "input/output error", [default]), rig.Now);
        Assert.IsType<TorrentPhase.WaitingForDisk>(rig.Machine.Phase);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(rig.Connect(1)));
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.IsType<TorrentPhase.Checking>(rig.Machine.Phase);
        Assert.Equal(2, rig.Effects.Checks.Count);
    }

    /// <summary>For example, one file could not be written while the pieces of others could still be read.</summary>
    [Fact]
    public void A_check_that_continues_while_the_disk_has_trouble_ends_before_anything_is_fetched()
    {
        var rig = new TorrentRig(pieces: 4);
        var all = new Bitfield(4);
        all.AddAll();
        rig.Machine.Start(new StartingPoint(new Bitfield(4), [], all), rig.Now);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", []), rig.Now);
        rig.Machine.OnPieceChecked(new PieceIndex(0), true);
        rig.Machine.OnDiskRecovered(rig.Now);
        Assert.Equal(new TorrentPhase.Checking(1, 4), rig.Machine.Phase);
        Assert.Single(rig.Effects.Checks);
        for (int piece = 1; piece < 4; piece++)
            rig.Machine.OnPieceChecked(new PieceIndex(piece), true);
        rig.Machine.OnCheckFinished(rig.Now);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
    }
}
