using Freshet.Core.Metainfo;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// A torrent's files are moved, and the process or the machine ends at every moment at which that changed a disk. Each time every file is
/// whole in one of the two folders, and the next start has all of them in one, believes everything that was recorded, and leaves nothing
/// behind.</summary>
public sealed class MoveCrashTests : IAsyncDisposable
{
    private readonly CrashSample _sample = new(150_000, 0, 9_001, 290_000);
    private readonly FileHandles _files = new(4);
    private readonly DiskServices _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public MoveCrashTests() => _services = new DiskServices(
        new DiskService(new DiskServiceOptions { Pool = new BlockPool(16 << 20), Workers = 1 }), _files, SystemFiles.Instance);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whenever_a_move_ends_a_whole_torrent_is_found_whole(bool isToAnotherDisk)
    {
        string[] mounts = isToAnotherDisk ? ["/other"] : [];
        SimulatedFileSystem system = new() { Mounts = mounts };
        RootFolder.Create(system, "/other");
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints: 1);
        await run.RenameAsync(3, "elsewhere/renamed");
        int before = system.Image.Names.Keys.Count(path => path.StartsWith("/data/", StringComparison.Ordinal));
        system.KeepsHistory = true;
        Assert.Null(await run.MoveAsync("/other/deep/below", null, Token));
        run.AssertWhole();
        Assert.Equal("/other/deep/below/elsewhere/renamed", run.PathOf(_sample.Metainfo.Files[3]));
        Assert.Equal(before, system.Image.Names.Keys.Count(path => path.StartsWith("/other/deep/below/", StringComparison.Ordinal)));
        Assert.DoesNotContain(system.Image.Names.Keys, path => path.StartsWith("/data/", StringComparison.Ordinal));
        IReadOnlyList<DiskImage> history = system.History;
        int restarts = 0;
        for (int moment = 0; moment < history.Count; moment++)
        {
            for (int i = 0; i <= (int)Ending.Torn; i++, restarts++)
                await RestartAsync(history[moment], mounts, (Ending)i, restarts);
        }

        Assert.InRange(history.Count, 20, 1_000);
    }

    [Fact]
    public async Task A_move_of_an_unfinished_download_loses_nothing_that_was_recorded()
    {
        SimulatedFileSystem system = new() { Mounts = ["/other"] };
        RootFolder.Create(system, "/other");
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.BeginAsync(pieces: 6);
        await run.SaveAsync(clean: true);
        system.KeepsHistory = true;
        await run.MoveAsync("/other", null, Token);
        IReadOnlyList<DiskImage> history = system.History;
        for (int moment = 0; moment < history.Count; moment++)
        {
            for (int i = 0; i <= (int)Ending.Torn; i++)
            {
                SimulatedFileSystem left = new(history[moment].After((Ending)i, new Random(i))) { Mounts = ["/other"] };
                await using CrashRun next = CrashRun.Open(left, _sample, _services);
                ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(next.Plan);
                Assert.True(plan.Have.Count == 6 && plan.Check is null, $"moment {moment}, ending {i}");
                await next.StartAsync();
                await next.DownloadAsync(new Random(i), checkpoints: 1);
                next.AssertWhole();
                Assert.Equal(_sample.Layout.PieceCount - 6, next.Downloaded);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_call_fails_the_files_are_whole_in_one_folder_and_nothing_is_left_in_the_other(bool isToAnotherDisk)
    {
        // The calls of a move that succeeds, then each of them once as one that fails.
        int calls = 1;
        for (int failing = 0; failing < calls; failing++)
        {
            SimulatedFileSystem system = new() { Mounts = isToAnotherDisk ? ["/other"] : [] };
            RootFolder.Create(system, "/other");
            await using CrashRun run = CrashRun.Open(system, _sample, _services);
            await run.StartAsync();
            await run.DownloadAsync(new Random(3), checkpoints: 1);
            int number = 0;
            bool isPassed = false;
            int only = failing;
            system.Fails = call =>
            {
                bool isMeant = call.Writes && !call.Path.StartsWith("/state", StringComparison.Ordinal);
                if (isMeant && Interlocked.Increment(ref number) - 1 == only && only > 0)
                {
                    isPassed = true;
                    return Errno.NoSpace;
                }

                return null;
            };
            string? trouble = null;
            FreshetException? error = null;
            try
            {
                trouble = await run.MoveAsync("/other", null, Token);
            }
            catch (FreshetException e)
            {
                error = e;
            }

            system.Fails = null;
            if (failing == 0)
            {
                calls = number;
                Assert.Null(error);
                continue;
            }

            string where = $"call {failing}: {error?.Message} {trouble}";
            Assert.True(isPassed, where);
            run.AssertWhole();
            if (!run.IsSettled)
                continue;
            string[] lies = [.. FilesOf(system)];
            Assert.All(lies, path => Assert.StartsWith(run.Folder + "/", path, StringComparison.Ordinal));
            Assert.Equal(_sample.Metainfo.Files.Length, lies.Length);
        }

        Assert.InRange(calls, 15, 1_000);
    }

    [Fact]
    public async Task A_cancelled_move_puts_everything_back()
    {
        SimulatedFileSystem system = new() { Mounts = ["/other"] };
        RootFolder.Create(system, "/other");
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints: 1);
        string[] before = [.. system.Image.Names.Keys.Where(path => !path.StartsWith("/state", StringComparison.Ordinal))];
        using CancellationTokenSource cancellation = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.MoveAsync("/other", new Canceller(cancellation), cancellation.Token));
        Assert.True(run.IsSettled);
        run.AssertWhole();
        Assert.Equal(before, system.Image.Names.Keys.Where(path => !path.StartsWith("/state", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_in_the_way_stays_and_so_does_everything_else()
    {
        SimulatedFileSystem system = new() { Mounts = ["/other"] };
        RootFolder.Create(system, "/other/sample/1");
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints: 1);
        system.Put("/other/sample/1/file 3", [1, 2, 3]);
        int calls = system.History.Count;
        system.KeepsHistory = true;
        FreshetException error = await Assert.ThrowsAsync<FreshetException>(() => run.MoveAsync("/other", null, Token));
        Assert.Equal(FreshetError.FileExists, error.Error);
        Assert.Contains("/other/sample/1/file 3", error.Message, StringComparison.Ordinal);
        Assert.Equal([], system.History.Skip(calls));
        Assert.Equal([1, 2, 3], system.ReadAll("/other/sample/1/file 3"));
        run.AssertWhole();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Disk.DisposeAsync();
        _files.Dispose();
    }

    private async Task RestartAsync(DiskImage image, string[] mounts, Ending ending, int seed)
    {
        SimulatedFileSystem system = new(image.After(ending, new Random(seed))) { Mounts = mounts };
        foreach (TorrentFile file in _sample.Metainfo.Files)
        {
            string name = file.Index == 3 ? "/renamed" : "/" + file.Path;
            string[] places = [.. system.Image.Names.Keys.Where(path => path.EndsWith(name, StringComparison.Ordinal))];
            Assert.Contains(places, path => _sample.BytesOf(file).AsSpan().SequenceEqual(system.ReadAll(path)));
        }

        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(run.Plan);
        string where = $"{ending}, seed {seed}, {run.Warning}";
        Assert.True(plan.Have.IsFull && plan.Check is null && run.IsSettled, where);
        run.AssertWhole();
        Assert.Equal(_sample.Metainfo.Files.Length, FilesOf(system).Count());
    }

    // A lock that its holder could not delete keeps nobody out.
    private static IEnumerable<string> FilesOf(SimulatedFileSystem system) => system.Image.Names
        .Where(name => name.Value.Kind == FileKind.File && !name.Key.StartsWith("/state", StringComparison.Ordinal)
            && !name.Key.EndsWith(".freshet-lock", StringComparison.Ordinal))
        .Select(name => name.Key);

    private sealed class Canceller(CancellationTokenSource cancellation) : IProgress<MoveProgress>
    {
        public void Report(MoveProgress value)
        {
            if (value.Moved.Bytes > value.Total.Bytes / 2)
                cancellation.Cancel();
        }
    }
}
