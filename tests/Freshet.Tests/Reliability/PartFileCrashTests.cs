using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// A file that was unwanted becomes wanted, and the process or the machine ends at every moment at which something changed the disk.
/// Each time everything that was recorded is there, whether or not the file is wanted then, and what is missing makes it whole.
/// </summary>
public sealed class PartFileCrashTests : IAsyncDisposable
{
    private const int Unwanted = 1;

    private static readonly TorrentOptions All = new();
    private static readonly TorrentOptions Some = new()
    {
        FilePriorities = [FilePriority.Normal, FilePriority.Skip, FilePriority.Normal, FilePriority.Skip],
    };

    // The second file shares a piece with the first and one with the third; the last lies in the third's last piece.
    private readonly CrashSample _sample = new(100_000, 270_001, 200_000, 3_000);
    private readonly FileHandles _files = new(4);
    private readonly DiskServices _services;

    public PartFileCrashTests() => _services = new DiskServices(
        new DiskService(new DiskServiceOptions { Pool = new BlockPool(16 << 20), Workers = 1 }), _files, SystemFiles.Instance);

    private string PartFilePath => "/data/" + PartFile.NameFor(_sample.Metainfo.SwarmHash);

    [Fact]
    public async Task Whenever_it_ends_what_was_recorded_is_there_and_the_rest_can_be_downloaded()
    {
        SimulatedFileSystem system = new() { KeepsHistory = true };
        await using CrashRun run = CrashRun.Open(system, _sample, _services, Some);
        await run.StartAsync();
        await run.GetAsync(PiecesOf(0));
        await run.SaveAsync(clean: false);
        await run.GetAsync(PiecesOf(2));
        await run.SaveAsync(clean: true);
        Assert.Null(system.ReadAll(run.PathOf(_sample.Metainfo.Files[Unwanted])));
        Assert.Null(system.ReadAll(run.PathOf(_sample.Metainfo.Files[3])));
        Assert.NotNull(system.ReadAll(PartFilePath));

        await run.WantAsync(All);
        await run.GetAsync(PiecesOf(Unwanted).Skip(2).Take(1));
        await run.SaveAsync(clean: false);
        Assert.Null(system.ReadAll(PartFilePath));
        await run.GetAsync(PiecesOf(Unwanted));
        await run.SaveAsync(clean: true);
        run.AssertWhole();
        Assert.Empty(run.Troubles);

        IReadOnlyList<DiskImage> history = system.History;
        Assert.InRange(history.Count, 30, 1_000);
        for (int moment = 0; moment < history.Count; moment++)
        {
            Bitfield recorded =
                run.Recorded.LastOrDefault(entry => entry.Moment <= moment).Pieces ?? new Bitfield(_sample.Layout.PieceCount);
            for (int i = 0; i <= (int)Ending.Torn; i++)
            {
                DiskImage After() => history[moment].After((Ending)i, new Random(i));
                await RestartAsync(After(), recorded, Some, $"moment {moment}, ending {(Ending)i}, some wanted");
                await RestartAsync(After(), recorded, All, $"moment {moment}, ending {(Ending)i}, all wanted");
            }
        }
    }

    [Fact]
    public async Task Without_the_part_file_nothing_that_lay_in_it_is_believed()
    {
        SimulatedFileSystem system = new();
        await using (CrashRun run = CrashRun.Open(system, _sample, _services, Some))
        {
            await run.StartAsync();
            await run.GetAsync(PiecesOf(0));
            await run.SaveAsync(clean: true);
        }

        system.Delete(new FilePath("/data", PartFile.NameFor(_sample.Metainfo.SwarmHash)));
        await using CrashRun next = CrashRun.Open(system, _sample, _services, All);
        await next.StartAsync();
        Assert.True(next.Have[new PieceIndex(0)]);
        Assert.False(next.Have[PiecesOf(0)[^1]]);
        await next.DownloadAsync(new Random(1), checkpoints: 1);
        next.AssertWhole();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Disk.DisposeAsync();
        _files.Dispose();
    }

    private async Task RestartAsync(DiskImage left, Bitfield recorded, TorrentOptions options, string where)
    {
        SimulatedFileSystem system = new(left);
        await using CrashRun next = CrashRun.Open(system, _sample, _services, options);
        Assert.True(next.Plan is ResumePlan.Go, where);
        await next.StartAsync();
        Assert.True(await next.AreGoodAsync(next.Have.Clone()), where);
        Assert.True(Enumerable.Range(0, recorded.Length).All(i => !recorded[new(i)] || next.Have[new(i)]), where);

        // A whole file is never written again, and not prepared for it.
        if (options == Some && !next.Have.IsFull)
            await next.WantAsync(All);
        await next.DownloadAsync(new Random(1), checkpoints: 1);
        next.AssertWhole();
        Assert.Null(system.ReadAll(PartFilePath));
        Assert.Empty(next.Troubles);
    }

    private ImmutableArray<PieceIndex> PiecesOf(int file)
    {
        PieceRange range = _sample.Layout.PiecesOfFile(file);
        return [.. Enumerable.Range(range.First.Value, range.Count).Select(piece => new PieceIndex(piece))];
    }
}
