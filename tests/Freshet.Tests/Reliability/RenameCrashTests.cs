using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// Files are renamed, and the process or the machine ends at every moment at which that changed the disk. Each time the next start finds
/// every file under one of its two names, believes everything that was recorded, and downloads nothing again.
/// </summary>
public sealed class RenameCrashTests : IAsyncDisposable
{
    private readonly CrashSample _sample = new(300_000, 0, 70_001, 500_000);
    private readonly FileHandles _files = new(4);
    private readonly DiskServices _services;

    public RenameCrashTests() => _services = new DiskServices(
        new DiskService(new DiskServiceOptions { Pool = new BlockPool(16 << 20), Workers = 1 }), _files, SystemFiles.Instance);

    [Fact]
    public async Task Whenever_a_rename_ends_a_whole_torrent_is_found_whole()
    {
        SimulatedFileSystem system = new();
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints: 1);
        system.KeepsHistory = true;
        (int File, string Path)[] renames = [(0, "sample/0/renamed"), (3, "elsewhere/deep/below"), (1, "sample/empty"), (0, "back")];
        foreach ((int file, string path) in renames)
            await run.RenameAsync(file, path);
        run.AssertWhole();
        IReadOnlyList<DiskImage> history = system.History;
        int restarts = 0;
        for (int moment = 0; moment < history.Count; moment++)
        {
            for (int i = 0; i < 7; i++, restarts++)
                await RestartAsync(history[moment], (Ending)Math.Min(i, (int)Ending.Torn), restarts);
        }

        Assert.InRange(history.Count, 40, 1_000);
        SimulatedFileSystem left = new(history[^1].After(Ending.NothingSurvives, new Random(1)));
        await using CrashRun last = CrashRun.Open(left, _sample, _services);
        Assert.Equal("/data/back", last.PathOf(_sample.Metainfo.Files[0]));
        Assert.Equal("/data/elsewhere/deep/below", last.PathOf(_sample.Metainfo.Files[3]));
    }

    [Fact]
    public async Task A_rename_in_the_middle_of_a_download_loses_nothing_that_was_recorded()
    {
        SimulatedFileSystem system = new();
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.BeginAsync(pieces: 6);
        Bitfield recorded = run.Recorded[^1].Pieces;
        Assert.Equal(6, recorded.Count);
        system.KeepsHistory = true;
        await run.RenameAsync(0, "renamed/0");
        await run.RenameAsync(3, "renamed/3");
        await run.SaveAsync(clean: false);
        IReadOnlyList<DiskImage> history = system.History;
        for (int moment = 0; moment < history.Count; moment++)
        {
            for (int i = 0; i < 7; i++)
            {
                string where = $"moment {moment}, ending {i}";
                SimulatedFileSystem left = new(history[moment].After((Ending)Math.Min(i, (int)Ending.Torn), new Random(i)));
                await using CrashRun next = CrashRun.Open(left, _sample, _services);
                ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(next.Plan);
                Assert.True(plan.Have.Count == 6 && AreHeld(next, plan.Have), where);
                await next.StartAsync();
                await next.DownloadAsync(new Random(i), checkpoints: 1);
                next.AssertWhole();
                Assert.Equal(_sample.Layout.PieceCount - 6, next.Downloaded);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Disk.DisposeAsync();
        _files.Dispose();
    }

    private async Task RestartAsync(DiskImage image, Ending ending, int seed)
    {
        await using CrashRun run = CrashRun.Open(new SimulatedFileSystem(image.After(ending, new Random(seed))), _sample, _services);
        ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(run.Plan);
        Assert.True(plan.Have.IsFull && plan.Check is null, $"{ending}, seed {seed}");
        run.AssertWhole();
    }

    private static bool AreHeld(CrashRun run, Bitfield pieces) =>
        Enumerable.Range(0, pieces.Length).All(i => !pieces[new PieceIndex(i)] || run.Holds(new PieceIndex(i)));
}
