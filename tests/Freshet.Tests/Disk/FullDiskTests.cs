using System.Diagnostics;
using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class FullDiskTests
{
    [Fact]
    public async Task A_torrent_larger_than_its_disk_keeps_what_fits_and_ends_when_there_is_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small file system.");
        using TemporaryFolder folder = new();
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=4m", "freshet-test", folder.Path), "This machine lets nobody mount a file system.");
        try
        {
            File.WriteAllBytes(folder["ballast"], new byte[2 << 20]);
            using FileHandles handles = new();
            FileStorage storage = FileStorageTests.Create(folder, handles, 256 << 10, ("file", 3 << 20));
            await using DiskBench bench = new(3 << 20, 256 << 10, storage);
            await bench.SendAll(bench.AllBlocks);
            await bench.Until(() => bench.Hashed.Count + bench.Failures.Sum(failure => failure.Pieces.Count) == 12);
            Assert.InRange(bench.Hashed.Count, 1, 11);
            Assert.All(bench.Failures, failure => Assert.Equal(StorageErrorKind.DiskFull, failure.Error.Kind));
            Assert.Contains("Free some space", bench.Failures.First().Error.Message, StringComparison.Ordinal);

            int failures = bench.Failures.Count;
            bench.Torrent.ProbeDisk();
            await bench.Until(() => bench.Failures.Count > failures);

            File.Delete(folder["ballast"]);
            bench.Torrent.ProbeDisk();
            await bench.Until(() => bench.Recoveries == 1);
            await bench.SendAll(bench.AllBlocks.Where(block => !bench.Hashed.ContainsKey(block.Piece)));
            await bench.Until(() => bench.Hashed.Count == 12);
            Assert.All(bench.Hashed.Values, Assert.True);
            Assert.Null((await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken)).Error);
            Assert.Equal(bench.Content, await File.ReadAllBytesAsync(folder["file"], TestContext.Current.CancellationToken));
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    [Fact]
    public void Full_allocation_tells_before_the_download_that_there_is_no_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small file system.");
        using TemporaryFolder folder = new();
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=1m", "freshet-test", folder.Path), "This machine lets nobody mount a file system.");
        try
        {
            using FileHandles handles = new();
            FileStorageOptions options = FileStorageTests.Options(folder.Path, handles, 1 << 20, FileStorageTests.Files(("file", 3 << 20)));
            using FileStorage storage = new(options with { Preallocation = Preallocation.Full });
            Assert.Equal(StorageErrorKind.DiskFull, storage.Prepare()?.Kind);
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
