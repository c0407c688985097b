using System.Globalization;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Faults of disks and files, with the program as people run it. The seed remembers what was requested from it: only what was lost is
/// downloaded again, and nothing is while something is wrong.
/// </summary>
public class ProgramFaultTests : InteropTest
{
    private const int MiB = 1024 * 1024;

    /// <summary>The time for 16 KiB: a download takes some seconds.</summary>
    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(5);

    /// <summary>For a download that lasts for several checkpoints.</summary>
    private static readonly TimeSpan BetweenSlowBlocks = TimeSpan.FromMilliseconds(10);

    private string State => Path.Combine(Work, "state");

    private string Folder => Directory.CreateDirectory(NewFolder("freshet")).FullName;

    [Fact]
    public Task A_full_disk_makes_it_wait_and_it_goes_on_when_there_is_space() => CaseAsync(async () =>
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(16 * MiB);
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        await File.WriteAllBytesAsync(disk["ballast 0"], new byte[13 * MiB], TestContext.Current.CancellationToken);
        FreshetClient freshet = await StartAsync(source, torrent, disk.Path);
        await freshet.UntilAsync(() => Task.FromResult(freshet.Last("waiting-for-disk") is not null), Patience, "waits");
        Assert.Equal("disk-full", (string?)freshet.Last("waiting-for-disk")?["reason"]);
        Assert.Null(freshet.Last("resumed"));
        disk.Empty();
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.NotNull(freshet.Last("resumed"));
        Assert.Empty(torrent.Differences(disk.Path));
    });

    [Fact]
    public Task A_read_only_disk_makes_it_wait_until_it_can_be_written() => CaseAsync(async () =>
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(16 * MiB);
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        disk.Remount("ro");
        FreshetClient freshet = await StartAsync(source, torrent, disk.Path, [], "--disk-errors", "wait");
        await freshet.UntilAsync(() => Task.FromResult(freshet.Last("waiting-for-disk") is not null), Patience, "waits");
        Assert.Equal("read-only", (string?)freshet.Last("waiting-for-disk")?["reason"]);
        disk.Remount("rw");
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.Empty(torrent.Differences(disk.Path));
    });

    [Fact]
    public Task What_a_disk_cannot_read_is_downloaded_again_and_nothing_else() => CaseAsync(async () =>
    {
        Requires.That(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        string file = Path.Combine(Folder, torrent.Name);
        File.Copy(torrent.DataPath, file);

        // strace counts the calls of each thread, and few threads check one torrent.
        string[] runner = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", file, "-e", "trace=pread64,preadv,preadv2",
            "-e", "inject=pread64,preadv,preadv2:error=EIO:when=5"];
        FreshetClient freshet = await StartAsync(source, torrent, Folder, runner);
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.InRange(source.TakeAsked().Count, 1, 8);
        Assert.Empty(torrent.Differences(Folder));
    });

    [Theory]
    [InlineData("unmounted", "missing")]
    [InlineData("deleted", "missing")]
    [InlineData("swapped for a link", "unsafe-path")]
    [InlineData("swapped for a folder", "not-a-file")]
    public Task Without_its_file_it_says_so_and_goes_on_when_the_file_is_back(string fault, string reason) => CaseAsync(async () =>
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(16 * MiB);
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        await RunAsync("mount", "--bind", disk.Path, Folder);
        try
        {
            HashSet<int> recorded = await DownloadHalfAsync(source, torrent);
            string file = disk[torrent.Name];
            string elsewhere = disk["elsewhere"];
            await BreakAsync(fault, file, elsewhere);
            string[] before = Directory.GetFileSystemEntries(Folder);

            FreshetClient without = await StartAsync(source, torrent, Folder);
            Assert.Equal(1, await without.ExitAsync(Patience));
            Assert.Equal(reason, (string?)without.Last("error")?["reason"]);
            Assert.Empty(source.TakeAsked());
            Assert.Equal(before, Directory.GetFileSystemEntries(Folder));

            await RepairAsync(fault, file, elsewhere, disk);
            await FinishAsync(source, torrent, recorded);
        }
        finally
        {
            await RunAsync("umount", "-l", Folder);
        }
    });

    [Fact]
    public Task What_others_append_to_a_file_costs_nothing() => CaseAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        HashSet<int> recorded = await DownloadHalfAsync(source, torrent);
        string path = Path.Combine(Folder, torrent.Name);
        await File.AppendAllTextAsync(path, new string('x', 5_000), TestContext.Current.CancellationToken);
        await CompleteAsync(source, torrent, recorded);

        // What follows the torrent's end belongs to somebody else, and stays.
        await using (FileStream file = new(path, FileMode.Open))
            file.SetLength(Math.Min(file.Length, torrent.Length));
        Assert.Empty(torrent.Differences(Folder));
    });

    [Fact]
    public Task Only_what_is_gone_of_a_file_that_was_cut_short_is_downloaded_again() => CaseAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        HashSet<int> recorded = await DownloadHalfAsync(source, torrent);
        byte[] content = new TorrentPieces(torrent).ReadAll(torrent.DataFolder);
        const int Left = MiB;
        using (FileStream file = new(Path.Combine(Folder, torrent.Name), FileMode.Open))
            file.SetLength(Left);
        byte[] left = await File.ReadAllBytesAsync(Path.Combine(Folder, torrent.Name), TestContext.Current.CancellationToken);
        TorrentPieces pieces = new(torrent);
        recorded.RemoveWhere(piece => (piece + 1) * pieces.LengthOf(0) > Left
            || !left.AsSpan(piece * pieces.LengthOf(0), pieces.LengthOf(0)).SequenceEqual(
                content.AsSpan(piece * pieces.LengthOf(0), pieces.LengthOf(0))));
        await FinishAsync(source, torrent, recorded);
    });

    [Theory]
    [InlineData("write", "pwrite64,pwritev,pwritev2", "EIO", "io-error")]
    [InlineData("flush", "fsync,fdatasync", "EIO", "io-error")]
    [InlineData("flush", "fsync,fdatasync", "EROFS", "read-only")]
    public Task A_disk_that_fails_once_makes_it_wait_and_then_go_on(
        string what, string calls, string error, string reason) => CaseAsync(async () =>
    {
        Requires.That(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenSlowBlocks);
        (FreshetClient freshet, _) = await RunToSomeAsync(source, torrent);

        // Once in each thread, and few threads write to one torrent.
        await using ChildProcess strace = ChildProcess.Start(Work, ["strace", "-f", "-qq", "-o", "/dev/null",
            "-P", Path.Combine(Folder, torrent.Name), "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}:when=1",
            "-p", freshet.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await freshet.UntilAsync(() => Task.FromResult(freshet.Last("waiting-for-disk") is not null), Patience, $"waits for a {what}");
        Assert.Equal(reason, (string?)freshet.Last("waiting-for-disk")?["reason"]);
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.NotNull(freshet.Last("resumed"));
        Assert.Empty(torrent.Differences(Folder));

        // What the failed flush did not vouch for is checked again, and all of it is good.
        source.TakeAsked();
        await CompleteAsync(source, torrent, []);
        Assert.Empty(source.TakeAsked());
    });

    [Theory]
    [InlineData("unmounted")]
    [InlineData("deleted")]
    public Task A_file_that_goes_while_it_is_written_makes_it_wait_until_it_is_back(string fault) => CaseAsync(async () =>
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(16 * MiB);
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenSlowBlocks);
        await RunAsync("mount", "--bind", disk.Path, Folder);
        try
        {
            (FreshetClient freshet, HashSet<int> recorded) = await RunToSomeAsync(source, torrent);
            await BreakAsync(fault, Path.Combine(Folder, torrent.Name), Path.Combine(Folder, "elsewhere"));
            await freshet.UntilAsync(() => Task.FromResult(freshet.Last("waiting-for-disk") is not null), Patience, "waits");
            Assert.Equal("missing", (string?)freshet.Last("waiting-for-disk")?["reason"]);
            await RepairAsync(fault, Path.Combine(Folder, torrent.Name), Path.Combine(Folder, "elsewhere"), disk);
            Assert.Equal(0, await freshet.ExitAsync(Patience));
            Assert.NotNull(freshet.Last("resumed"));
            Assert.Empty(source.TakeAsked().Intersect(recorded));
            Assert.Empty(torrent.Differences(Folder));
        }
        finally
        {
            await RunAsync("umount", "-l", Folder);
        }
    });

    [Theory]
    [InlineData("swapped for a link")]
    [InlineData("swapped for a folder")]
    public Task A_file_that_is_swapped_while_it_is_written_is_checked_by_the_next_start(string fault) => CaseAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenSlowBlocks);
        string file = Path.Combine(Folder, torrent.Name);
        string elsewhere = Path.Combine(Work, "elsewhere");
        (FreshetClient freshet, HashSet<int> recorded) = await RunToSomeAsync(source, torrent);
        await BreakAsync(fault, file, elsewhere);
        await freshet.UntilAsync(() => Task.FromResult(freshet.Last("waiting-for-disk") is not null), Patience, "waits");
        Assert.Equal("replaced", (string?)freshet.Last("waiting-for-disk")?["reason"]);
        await freshet.InterruptAsync();
        Assert.Empty(RecordedPieces.Read(State, torrent, new TorrentPieces(torrent).Count));
        await RepairAsync(fault, file, elsewhere, disk: null);
        source.TakeAsked();
        await FinishAsync(source, torrent, recorded);
    });

    [Fact]
    public Task What_others_append_to_a_file_while_it_is_written_stays() => CaseAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenSlowBlocks);
        string path = Path.Combine(Folder, torrent.Name);
        const int Added = 5_000;
        (FreshetClient freshet, HashSet<int> recorded) = await RunToSomeAsync(source, torrent);
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(torrent.Length + Added);
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.Empty(source.TakeAsked().Intersect(recorded));
        Assert.Equal(torrent.Length + Added, new FileInfo(path).Length);
        using (FileStream file = new(path, FileMode.Open))
            file.SetLength(torrent.Length);
        Assert.Empty(torrent.Differences(Folder));
    });

    [Fact]
    public Task A_recheck_downloads_what_is_gone_of_a_file_that_was_cut_short_while_it_was_written() => CaseAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenSlowBlocks);
        (FreshetClient freshet, _) = await RunToSomeAsync(source, torrent);
        const int Left = 64 * 1024;
        using (FileStream file = new(Path.Combine(Folder, torrent.Name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(Left);
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.NotEmpty(torrent.Differences(Folder));
        source.TakeAsked();
        FreshetClient again = await StartAsync(source, torrent, Folder, [], "--recheck");
        Assert.Equal(0, await again.ExitAsync(Patience));
        Assert.InRange(source.TakeAsked().Count, 1, new TorrentPieces(torrent).Count - 1);
        Assert.Empty(torrent.Differences(Folder));
    });

    [Fact]
    public Task Where_files_cannot_be_locked_it_warns_and_downloads_all_the_same() => CaseAsync(async () =>
    {
        Requires.That(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        SampleTorrent torrent = NewTorrent();
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        string lockFile = Path.Combine(Folder, $".{torrent.InfoHash}.freshet-lock");
        FreshetClient freshet = await StartAsync(source, torrent, Folder, InjectingRunner("flock", "ENOLCK", lockFile));
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.Contains(freshet.Warnings, warning => warning.Contains("cannot lock files", StringComparison.Ordinal));
        Assert.False(File.Exists(lockFile));
        Assert.Empty(torrent.Differences(Folder));
    });

    [Theory]
    [InlineData("create")]
    [InlineData("key")]
    public Task What_the_disk_did_not_keep_is_not_reported_as_written(string what) => CaseAsync(async () =>
    {
        Requires.That(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        string file = Path.Combine(Folder, "new");
        string[] command = what == "create"
            ? ["create", NewTorrent().DataPath, "-o", file]
            : ["dht", "put", "value", "--key", file, "--dht-bootstrap", "127.0.0.1:9"];
        await using ChildProcess freshet = ChildProcess.Start(
            Work, [.. InjectingRunner("fsync", "EIO"), .. FreshetExecutable.Command, .. command]);
        Assert.Equal(1, await freshet.ExitAsync(Patience));
        Assert.Contains("Input/output error", freshet.Tail, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    });

    // Makes every call fail, or every call on one file.
    private static string[] InjectingRunner(string calls, string error, string? file = null) =>
    [
        "strace", "-f", "-qq", "-o", "/dev/null", .. file is null ? (string[])[] : ["-P", file],
        "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}",
    ];

    private SampleTorrent NewTorrent() => SampleTorrents.SingleFile(Work, (8 * MiB) + 54_321, pieceLength: 64 * 1024);

    /// <summary>Downloads until some pieces are recorded, and goes on.</summary>
    private async Task<(FreshetClient Freshet, HashSet<int> Recorded)> RunToSomeAsync(RecordingSeed source, SampleTorrent torrent)
    {
        FreshetClient freshet = await StartAsync(source, torrent, Folder);
        HashSet<int> recorded = [];
        int count = new TorrentPieces(torrent).Count;
        await freshet.UntilEndOrAsync(() => (recorded = RecordedPieces.Read(State, torrent, count)).Count > 0, Patience);
        Assert.False(freshet.HasEnded, freshet.Log);
        source.TakeAsked();
        return (freshet, recorded);
    }

    /// <returns>The pieces that are recorded.</returns>
    private async Task<HashSet<int>> DownloadHalfAsync(RecordingSeed source, SampleTorrent torrent)
    {
        FreshetClient first = await StartAsync(source, torrent, Folder);
        await first.UntilAsync(() => Task.FromResult(first.Done >= 0.4), Patience, "is nearly half done");
        Assert.Equal(130, await first.InterruptAsync());
        HashSet<int> recorded = RecordedPieces.Read(State, torrent, new TorrentPieces(torrent).Count);
        Assert.NotEmpty(recorded);
        source.TakeAsked();
        return recorded;
    }

    private async Task FinishAsync(RecordingSeed source, SampleTorrent torrent, HashSet<int> kept)
    {
        await CompleteAsync(source, torrent, kept);
        Assert.Empty(torrent.Differences(Folder));
    }

    private async Task CompleteAsync(RecordingSeed source, SampleTorrent torrent, HashSet<int> kept)
    {
        FreshetClient last = await StartAsync(source, torrent, Folder);
        Assert.Equal(0, await last.ExitAsync(Patience));
        Assert.Empty(source.TakeAsked().Intersect(kept));
    }

    private async Task BreakAsync(string fault, string file, string elsewhere)
    {
        if (fault == "unmounted")
        {
            await RunAsync("umount", "-l", Folder);
            return;
        }

        File.Move(file, elsewhere);
        if (fault == "swapped for a link")
            File.CreateSymbolicLink(file, elsewhere);
        else if (fault == "swapped for a folder")
            Directory.CreateDirectory(file);
    }

    private async Task RepairAsync(string fault, string file, string elsewhere, SmallFileSystem? disk)
    {
        if (fault == "unmounted")
        {
            await RunAsync("mount", "--bind", disk!.Path, Folder);
            return;
        }

        if (Directory.Exists(file))
            Directory.Delete(file);
        File.Move(elsewhere, file, overwrite: true);
    }

    private async Task<FreshetClient> StartAsync(
        RecordingSeed source, SampleTorrent torrent, string folder, IReadOnlyList<string>? runner = null, params string[] more)
    {
        FreshetClient freshet = Own(new FreshetClient(Work)
        {
            Peers = [source.EndPoint],
            SeedsAfterwards = false,
            StateFolder = State,
            Runner = runner ?? [],
            MoreOptions = ["--checkpoint", "1", .. more],
        });
        await freshet.LaunchAsync(torrent, folder);
        return freshet;
    }
}
