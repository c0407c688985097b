using Freshet.Core;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public class FullDiskTests
{
    [Fact]
    public async Task A_torrent_larger_than_its_disk_keeps_what_fits_and_completes_when_there_is_space()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(4 << 20);
        File.WriteAllBytes(disk["ballast"], new byte[2 << 20]);
        using FileHandles handles = new();
        FileStorage storage = FileStorageTests.Create(disk.Path, handles, 256 << 10, ("file", 3 << 20));
        await using DiskBench bench = new(3 << 20, 256 << 10, storage);
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count + bench.Failures.Sum(failure => failure.Pieces.Count) == 12);
        Assert.InRange(bench.Hashed.Count, 1, 11);
        Assert.All(bench.Failures, failure => Assert.Equal(StorageErrorKind.DiskFull, failure.Error.Kind));
        Assert.Contains("Free some space", bench.Failures.First().Error.Message, StringComparison.Ordinal);

        int failures = bench.Failures.Count;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Failures.Count > failures);

        File.Delete(disk["ballast"]);
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Recoveries == 1);
        await bench.SendAll(bench.AllBlocks.Where(block => !bench.Hashed.ContainsKey(block.Piece)));
        await bench.Until(() => bench.Hashed.Count == 12);
        Assert.All(bench.Hashed.Values, Assert.True);
        Assert.Null((await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken)).Error);
        Assert.Equal(bench.Content, await File.ReadAllBytesAsync(disk["file"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_probe_needs_more_than_space_for_the_first_block()
    {
        const int Block = Limits.BlockLength;
        await using DiskBench bench = new(32 * Block, 32 * Block);
        bench.Memory.FailsToWrite = offset => offset >= 16 * Block ? MemoryStorage.Full : null;
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Failures.Count == 1);
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Failures.Count + bench.Recoveries == 2);
        Assert.Equal(0, bench.Recoveries);
        bench.Memory.FailsToWrite = _ => null;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Recoveries == 1);
    }

    [Fact]
    public void Full_allocation_reports_a_lack_of_space_before_the_download()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(1 << 20);
        using FileHandles handles = new();
        FileStorageOptions options = FileStorageTests.Options(disk.Path, handles, 1 << 20, FileStorageTests.Files(("file", 3 << 20)));
        using FileStorage storage = new(options with { Preallocation = Preallocation.Full });
        Assert.Equal(StorageErrorKind.DiskFull, storage.Prepare()?.Kind);
    }

    [Fact]
    public void A_disk_that_accepts_no_changes_is_reported_as_such()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(1 << 20);
        using FileHandles handles = new();
        using FileStorage storage = FileStorageTests.Create(disk.Path, handles, 1 << 10, ("empty", 0), ("file", 1 << 10));
        disk.Remount("ro");
        StorageError? error = storage.Prepare();
        Assert.Equal(StorageErrorKind.ReadOnly, error?.Kind);
        Assert.Contains("read-only", error!.Message, StringComparison.Ordinal);
        disk.Remount("rw");
        Assert.Null(storage.Prepare());
    }
}
