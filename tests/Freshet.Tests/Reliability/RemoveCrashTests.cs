using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// A torrent is removed with its files, and the process or the machine ends at every moment at which that changed the disk. Each time what
/// does not belong to the torrent is as it was, and either the torrent is remembered and whole, or it is forgotten and can be downloaded
/// again.</summary>
public sealed class RemoveCrashTests : IAsyncDisposable
{
    private static readonly byte[] Theirs = [1, 2, 3];

    private readonly CrashSample _sample = new(150_000, 0, 9_001, 290_000);
    private readonly FileHandles _files = new(4);
    private readonly DiskServices _services;

    public RemoveCrashTests() => _services = new DiskServices(
        new DiskService(new DiskServiceOptions { Pool = new BlockPool(16 << 20), Workers = 1 }), _files, SystemFiles.Instance);

    [Fact]
    public async Task Whenever_a_removal_ends_only_the_torrents_own_files_are_gone()
    {
        SimulatedFileSystem system = new();

        // The last one has the name of an empty file of the torrent.
        string[] kept = ["/data/theirs", "/data/sample/0/theirs", "/data/sample/theirs", $"/data/{_sample.Metainfo.Files[1].Path}"];
        RootFolder.CreateParents(system, new FilePath("/data", _sample.Metainfo.Files[1].Path), _ => { });
        system.Put(kept[^1], Theirs);
        await using CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints: 1);
        await run.RenameAsync(3, "elsewhere/renamed");
        foreach (string path in kept)
            system.Put(path, Theirs);
        system.FlushFolder(new FilePath("/data", ""));
        system.FlushFolder(new FilePath("/data", "sample"));
        system.FlushFolder(new FilePath("/data", "sample/0"));
        system.FlushFolder(new FilePath("/data", "sample/1"));
        system.KeepsHistory = true;
        await run.RemoveAsync();
        IEnumerable<string> left = system.Image.Names.Keys.Where(path => path.StartsWith("/data/", StringComparison.Ordinal));
        IEnumerable<string> stay = kept.Concat(["/data/sample", "/data/sample/0", "/data/sample/1"]);
        Assert.Equal(stay.Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
        IReadOnlyList<DiskImage> history = system.History;
        Assert.InRange(history.Count, 6, 500);
        for (int moment = 0; moment < history.Count; moment++)
        {
            for (int i = 0; i <= (int)Ending.Torn; i++)
                await RestartAsync(history[moment].After((Ending)i, new Random(i)), kept, $"moment {moment}, {(Ending)i}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Disk.DisposeAsync();
        _files.Dispose();
    }

    private async Task RestartAsync(DiskImage left, string[] kept, string where)
    {
        SimulatedFileSystem system = new(left);
        foreach (string path in kept)
            Assert.True(Theirs.AsSpan().SequenceEqual(system.ReadAll(path)), where);
        await using CrashRun next = CrashRun.Open(system, _sample, _services);
        ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(next.Plan);
        await next.StartAsync();
        if (plan.Have.IsFull)
            next.AssertWhole(but: 1);
        await next.DownloadAsync(new Random(1), checkpoints: 1);
        next.AssertWhole(but: 1);
    }
}
