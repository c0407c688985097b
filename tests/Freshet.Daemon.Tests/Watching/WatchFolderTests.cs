using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Watching;

namespace Freshet.Daemon.Tests.Watching;

public class WatchFolderTests
{
    private const string Magnet = "magnet:?xt=urn:btih:c9e15763f722f23e98a29decdfae341b98d53056&dn=thing";
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_torrent_is_added_by_the_rules_of_its_folder_and_moved_to_added()
    {
        await using Watch watch = await Watch.StartAsync(folder => folder with { Start = false, Labels = ["film"], Category = "c" });
        SampleTorrent sample = new();
        watch.Write("one.torrent", sample.Bytes);
        watch.Write("notes.pdf", [1]);
        await watch.ScanAtAsync(0);
        Assert.Empty(watch.Daemon.Server.Session.Torrents);
        await watch.ScanAtAsync(3);
        Torrent torrent = watch.Daemon.Server.Session.Torrents.Single();
        Assert.Equal("sample", torrent.Name);
        Assert.True(torrent.Options.Stopped);
        Assert.Equal("film", torrent.Options.UserData["labels"]);
        Assert.Equal("c", torrent.Options.UserData["category"]);
        Assert.Equal(["added/one.torrent", "notes.pdf"], watch.Files);
    }

    [Fact]
    public async Task A_copy_that_is_not_complete_is_waited_for_however_slowly_it_grows()
    {
        await using Watch watch = await Watch.StartAsync();
        byte[] bytes = new SampleTorrent().Bytes;
        for (int i = 0; i < 8; i++)
        {
            watch.Write("one.torrent", bytes.AsSpan(0, bytes.Length * i / 8));
            await watch.ScanAtAsync(i * 20);
            await watch.ScanAtAsync((i * 20) + 19);
            Assert.Equal(["one.torrent"], watch.Files);
        }

        watch.Write("one.torrent", bytes);
        await watch.ScanAtAsync(160);
        await watch.ScanAtAsync(163);
        Assert.Single(watch.Daemon.Server.Session.Torrents);
        Assert.Equal(["added/one.torrent"], watch.Files);
    }

    [Fact]
    public async Task A_file_whose_space_is_reserved_before_its_bytes_come_is_waited_for()
    {
        await using Watch watch = await Watch.StartAsync();
        byte[] bytes = new SampleTorrent().Bytes;
        watch.Write("one.torrent", new byte[bytes.Length]);
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(5);
        Assert.Equal(["one.torrent"], watch.Files);
        watch.Write("one.torrent", bytes);
        await watch.ScanAtAsync(6);
        await watch.ScanAtAsync(9);
        Assert.Equal(["added/one.torrent"], watch.Files);
    }

    [Fact]
    public async Task A_magnet_whose_trackers_may_still_come_is_waited_for()
    {
        await using Watch watch = await Watch.StartAsync();
        watch.Write("one.magnet", System.Text.Encoding.UTF8.GetBytes(Magnet));
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(5);
        Assert.Equal(["one.magnet"], watch.Files);
        watch.Write("one.magnet", System.Text.Encoding.UTF8.GetBytes(Magnet + "&tr=http%3A%2F%2F127.0.0.1%3A1%2Fa\n"));
        await watch.ScanAtAsync(6);
        await watch.ScanAtAsync(9);
        Assert.Single(watch.Daemon.Server.Session.Torrents.Single().Trackers);
        watch.Write("two.magnet", System.Text.Encoding.UTF8.GetBytes($"magnet:?xt=urn:btih:{new string('a', 40)}"));
        await watch.ScanAtAsync(10);
        await watch.ScanAtAsync(41);
        Assert.Equal(["added/one.magnet", "added/two.magnet"], watch.Files);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_yet_is_waited_for()
    {
        await using Watch watch = await Watch.StartAsync();
        watch.Write("one.torrent", new SampleTorrent().Bytes);
        watch.MayRead = false;
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(5);
        Assert.Equal(["one.torrent"], watch.Files);
        watch.MayRead = true;
        await watch.ScanAtAsync(6);
        Assert.Equal(["added/one.torrent"], watch.Files);

        watch.MayRead = false;
        watch.Write("two.torrent", new SampleTorrent("two").Bytes);
        await watch.ScanAtAsync(10);
        await watch.ScanAtAsync(41);
        Assert.Equal(["added/one.torrent", "failed/two.torrent", "failed/two.torrent.txt"], watch.Files);
    }

    [Fact]
    public async Task A_file_that_is_not_a_torrent_goes_to_failed_with_the_reason_beside_it()
    {
        await using Watch watch = await Watch.StartAsync();
        watch.Write("bad.torrent", "hello"u8);
        watch.Write("empty.magnet", []);
        watch.Write("whole.magnet", System.Text.Encoding.UTF8.GetBytes(Magnet + "\n"));
        watch.Write("huge.magnet", new byte[Bounds.MaxBody + 1]);
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(31);
        Assert.Equal(
            [
                "added/whole.magnet", "failed/bad.torrent", "failed/bad.torrent.txt", "failed/empty.magnet", "failed/empty.magnet.txt",
                "failed/huge.magnet", "failed/huge.magnet.txt",
            ],
            watch.Files);
        Assert.StartsWith("bad.torrent is not a .torrent file", watch.Read("failed/bad.torrent.txt"), StringComparison.Ordinal);
        Assert.Contains("more than", watch.Read("failed/huge.magnet.txt"), StringComparison.Ordinal);
        Assert.Equal("thing", watch.Daemon.Server.Session.Torrents.Single().Name);
        Assert.Equal(3, watch.Log.Read(null, null, 100, LogLevelCode.Warning, null).Entries.Count);
    }

    [Fact]
    public async Task A_torrent_that_exists_already_counts_as_added_and_replaces_no_file()
    {
        await using Watch watch = await Watch.StartAsync();
        SampleTorrent sample = new();
        await watch.Daemon.AddAsync(sample);
        watch.Write("added/one.torrent", "what was there"u8);
        watch.Write("one.torrent", sample.Bytes);
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(3);
        Assert.Single(watch.Daemon.Server.Session.Torrents);
        Assert.Equal(["added/one (2).torrent", "added/one.torrent"], watch.Files);
        Assert.Equal("what was there", watch.Read("added/one.torrent"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_moved_away_is_not_added_over_and_over()
    {
        await using Watch watch = await Watch.StartAsync();
        watch.Write("added", "a file where the folder should be"u8);
        watch.Write("one.torrent", new SampleTorrent().Bytes);
        for (int i = 0; i < 5; i++)
            await watch.ScanAtAsync(i * 3);
        Assert.Single(watch.Daemon.Server.Session.Torrents);
        Assert.Single(watch.Log.Read(null, null, 100, LogLevelCode.Warning, null).Entries);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_pipe_holds_up_no_other_file()
    {
        await using Watch watch = await Watch.StartAsync();
        using (Process making = Process.Start("mkfifo", watch.PathOf("a.torrent")))
            await making.WaitForExitAsync(TestContext.Current.CancellationToken);
        watch.Write("b.torrent", new SampleTorrent().Bytes);
        await watch.ScanAtAsync(0);
        await watch.ScanAtAsync(3);
        Assert.Single(watch.Daemon.Server.Session.Torrents);
        await watch.ScanAtAsync(33);
        Assert.Contains("is empty", watch.Read("failed/a.torrent.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_daemon_watches_the_folders_of_its_configuration()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) => options with
        {
            WatchFolders = [DaemonConfiguration.Read(null, [], [new("WatchFolders", [folder["watch"] + ";start=false;label=x"])])
                .WatchFolders.Single()],
        });
        await Patience.Until(() => Directory.Exists(daemon["watch"]));
        File.WriteAllBytes(daemon["watch/one.torrent"], new SampleTorrent().Bytes);
        await Patience.Until(() => File.Exists(daemon["watch/added/one.torrent"]));
        Assert.Equal("x", daemon.Server.Session.Torrents.Single().Options.UserData["labels"]);
    }

    [Fact]
    public async Task A_watch_folder_that_cannot_be_opened_is_reported_and_stops_neither_the_daemon_nor_the_others()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) =>
        {
            File.WriteAllText(folder["file"], "");
            Directory.CreateSymbolicLink(folder["loop"], folder["loop"]);
            return options with
            {
                WatchFolders =
                [
                    new WatchFolder(folder["file/watch"]), new WatchFolder(folder["loop/watch"]), new WatchFolder(folder["watch"]),
                ],
            };
        });
        Directory.CreateDirectory(daemon["watch"]);
        File.WriteAllBytes(daemon["watch/a.torrent"], new SampleTorrent().Bytes);
        await Patience.Until(() => daemon.Server.Session.Torrents.Count == 1);
        foreach (string name in (string[])["file/watch", "loop/watch"])
            await UntilLoggedAsync(daemon, $"The watch folder {daemon[name]} cannot be read: ");
        await daemon.AddAsync(new SampleTorrent("other", seed: 2), $$""", "folder": "{{daemon.Data}}/x" """);
    }

    [Fact]
    public async Task A_watch_folder_that_cannot_be_opened_at_the_start_is_watched_once_it_can()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) =>
        {
            File.WriteAllText(folder["mount"], "");
            return options with { WatchFolders = [new WatchFolder(folder["mount/watch"])] };
        });
        await UntilLoggedAsync(daemon, $"The watch folder {daemon["mount/watch"]} cannot be read: ");
        string warning = (string)(await daemon.GetAsync("/api/v1/session"))["warnings"]!.AsArray().Single()!;
        Assert.StartsWith($"The watch folder {daemon["mount/watch"]} cannot be read: ", warning, StringComparison.Ordinal);
        File.Delete(daemon["mount"]);
        Directory.CreateDirectory(daemon["mount/watch"]);
        File.WriteAllBytes(daemon["mount/watch/a.torrent"], new SampleTorrent().Bytes);
        await UntilLoggedAsync(daemon, $"The watch folder {daemon["mount/watch"]} can be read again.");
        Assert.Empty((await daemon.GetAsync("/api/v1/session"))["warnings"]!.AsArray());
        await Patience.Until(() => File.Exists(daemon["mount/watch/added/a.torrent"]));
        Assert.Single(daemon.Server.Session.Torrents);
    }

    [Fact]
    public async Task A_watch_folder_whose_disk_does_not_respond_from_the_start_is_reported_and_watched_once_it_does()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using ManualResetEventSlim mounted = new();
        LogBook log = new(new EventJournal(), TimeProvider.System);
        bool isOfPool = true;
        FolderWatcher watcher = new(new WatchFolder(daemon["watch"]), daemon.Server.Session, log, () => null)
        {
            DiskPatience = TimeSpan.FromMilliseconds(10),
            Open = path =>
            {
                isOfPool = Thread.CurrentThread.IsThreadPoolThread;
                mounted.Wait(Patience.Bound, CancellationToken.None);
                Directory.CreateDirectory(path);
            },
        };
        Task scanning = watcher.ScanAsync(Start, TestContext.Current.CancellationToken);
        await Patience.Until(() => MessagesOf(log).Length > 0);
        Assert.Equal([$"The watch folder {daemon["watch"]} cannot be read: its disk does not respond."], MessagesOf(log));
        Assert.False(scanning.IsCompleted);
        Assert.False(isOfPool);
        mounted.Set();
        await scanning.Bounded();
        Assert.Equal($"The watch folder {daemon["watch"]} can be read again.", MessagesOf(log)[^1]);
        File.WriteAllBytes(daemon["watch/a.torrent"], new SampleTorrent().Bytes);
        foreach (int seconds in (int[])[1, 4])
            await watcher.ScanAsync(Start.AddSeconds(seconds), TestContext.Current.CancellationToken).Bounded();
        Assert.Single(daemon.Server.Session.Torrents);
    }

    [Fact]
    public async Task A_watch_folder_whose_disk_does_not_respond_holds_up_no_stop()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using ManualResetEventSlim never = new();
        using ManualResetEventSlim isOpening = new();
        FolderWatcher watcher = new(
            new WatchFolder(daemon["watch"]), daemon.Server.Session, new LogBook(new EventJournal(), TimeProvider.System), () => null)
        {
            Open = _ =>
            {
                isOpening.Set();
                never.Wait(CancellationToken.None);
            },
        };
        using CancellationTokenSource stopping = new();
        Task scanning = watcher.ScanAsync(Start, stopping.Token);
        await Patience.Until(() => isOpening.IsSet);
        await stopping.CancelAsync();
        Exception? end = await Record.ExceptionAsync(() => scanning.WaitAsync(Bounds.WatchPatience / 2, CancellationToken.None));
        never.Set();
        Assert.IsAssignableFrom<OperationCanceledException>(end);
    }

    [Fact]
    public async Task A_file_whose_disk_does_not_respond_holds_up_no_stop_and_no_thread_of_the_pool()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Directory.CreateDirectory(daemon["watch"]);
        await File.WriteAllBytesAsync(daemon["watch/a.torrent"], new SampleTorrent().Bytes, TestContext.Current.CancellationToken);
        using ManualResetEventSlim never = new();
        using ManualResetEventSlim isOpening = new();
        bool? isOfPool = null;
        FolderWatcher watcher = new(
            new WatchFolder(daemon["watch"]), daemon.Server.Session, new LogBook(new EventJournal(), TimeProvider.System), () => null)
        {
            OpenFile = path =>
            {
                isOfPool = Thread.CurrentThread.IsThreadPoolThread;
                isOpening.Set();
                never.Wait(CancellationToken.None);
                return FolderWatcher.OpenToRead(path);
            },
        };
        using CancellationTokenSource stopping = new();
        await watcher.ScanAsync(Start, stopping.Token);

        // Of a thread of its own: without the mend, the call itself would hang.
        Task scanning = Task.Factory.StartNew(
            () => watcher.ScanAsync(Start + FolderWatcher.Settle, stopping.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await Patience.Until(() => isOpening.IsSet);
        await stopping.CancelAsync();
        Exception? end = await Record.ExceptionAsync(() => scanning.WaitAsync(Bounds.WatchPatience / 2, CancellationToken.None));
        never.Set();
        Assert.IsAssignableFrom<OperationCanceledException>(end);
        Assert.False(isOfPool);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_cannot_be_added_since_a_disk_is_full_or_away_is_added_once_that_is_over(bool isOurs)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Directory.CreateDirectory(daemon["watch"]);
        await File.WriteAllBytesAsync(daemon["watch/a.torrent"], new SampleTorrent().Bytes, TestContext.Current.CancellationToken);
        LogBook log = new(new EventJournal(), TimeProvider.System);
        bool isBroken = true;
        string? trouble = null;
        FolderWatcher watcher = new(new WatchFolder(daemon["watch"]), daemon.Server.Session, log, () => null)
        {
            Report = what => trouble = what,
            OpenFile = path => isBroken && !isOurs ? throw new IOException("Stale file handle.") : FolderWatcher.OpenToRead(path),
            AddAsync = (source, options, cancellation) => isBroken && isOurs
                ? throw new FreshetException(FreshetError.Storage, "No space left on device.")
                : daemon.Server.Session.AddAsync(source, options, cancellation),
        };
        foreach (int seconds in (int[])[0, 3, 40, 4_000])
            await watcher.ScanAsync(Start.AddSeconds(seconds), TestContext.Current.CancellationToken).Bounded();
        Assert.True(File.Exists(daemon["watch/a.torrent"]));
        string waits = $"{daemon["watch/a.torrent"]} waits: {(isOurs ? "No space left on device." : "Stale file handle.")}";
        Assert.Equal([waits], MessagesOf(log));
        Assert.Equal(waits, trouble);
        isBroken = false;
        foreach (int seconds in (int[])[4_001, 4_002])
            await watcher.ScanAsync(Start.AddSeconds(seconds), TestContext.Current.CancellationToken).Bounded();
        Assert.Single(daemon.Server.Session.Torrents);
        Assert.True(File.Exists(daemon["watch/added/a.torrent"]));
        Assert.Null(trouble);
    }

    [Theory]
    [InlineData("/watch;colour=red")]
    [InlineData("/watch;start=perhaps")]
    [InlineData("/watch;label=a,b")]
    [InlineData(";label=a")]
    public void Invalid_rules_are_mistakes(string text)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => DaemonConfiguration.Read(null, [], [new("WatchFolders", [text])]));
        Assert.StartsWith("WatchFolders (in the flags)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/", "data", null)]
    [InlineData("data/drop", "data", null)]
    [InlineData("link/drop", "data", null)]
    [InlineData("link", "data", null)]
    [InlineData("part/drop", "elsewhere", "part")]
    [InlineData("drop;folder={0}drop", "elsewhere", null)]
    [InlineData("films/drop;folder={0}films", "elsewhere", null)]
    [UnsupportedOSPlatform("windows")]
    public void No_watch_folder_is_where_torrents_store_files_since_they_could_add_others(string watch, string data, string? incomplete)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateSymbolicLink(folder["link"], folder["data"]);
        string rules = watch.Replace("{0}", folder["x"][..^1], StringComparison.Ordinal);
        List<KeyValuePair<string, IReadOnlyList<string>>> flags =
            [new("WatchFolders", [folder[rules]]), new("DownloadFolder", [folder[data]])];
        if (incomplete is not null)
            flags.Add(new("IncompleteFolder", [folder[incomplete]]));
        ArgumentException e = Assert.Throws<ArgumentException>(() => DaemonConfiguration.Read(null, [], flags));
        Assert.Contains("could add others there", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_request_can_store_files_where_a_watch_folder_is()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) => options with
        {
            AllowedFolders = [folder["data"], folder["all"]],
            WatchFolders = [new WatchFolder(folder["all/drop"])],
        });
        string hash = await daemon.AddAsync(new SampleTorrent());
        string all = new JsonObject { ["folder"] = daemon["all"] }.ToJsonString();
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", all, HttpStatusCode.Forbidden, "path-not-allowed");
        await daemon.RefusedAsync(
            HttpMethod.Post, "/api/v1/torrents", all.Replace("}", ", \"source\": \"x\"}", StringComparison.Ordinal),
            HttpStatusCode.Forbidden, "path-not-allowed");
        await daemon.RefusedAsync(
            HttpMethod.Patch, "/api/v1/session/settings", all.Replace("folder", "downloadFolder", StringComparison.Ordinal),
            HttpStatusCode.BadRequest, "invalid-value");
        await daemon.RefusedAsync(
            HttpMethod.Patch, "/api/v1/session/settings", all.Replace("folder", "incompleteFolder", StringComparison.Ordinal),
            HttpStatusCode.BadRequest, "invalid-value");
        using HttpResponseMessage beside = await daemon.SendAsync(
            HttpMethod.Patch, "/api/v1/session/settings", new JsonObject { ["downloadFolder"] = daemon["all/films"] }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, beside.StatusCode);
    }

    private static Task UntilLoggedAsync(TestDaemon daemon, string beginning) => Patience.Until(
        () => MessagesOf(daemon.Server.Parts!.Log).Any(message => message.StartsWith(beginning, StringComparison.Ordinal)));

    private static string[] MessagesOf(LogBook log) =>
        [.. log.Read(null, null, 100, LogLevelCode.Debug, null).Entries.Select(entry => entry.Message)];

    private sealed class Watch : IAsyncDisposable
    {
        private readonly TestDaemon _daemon;
        private readonly WatchFolder _folder;
        private readonly FolderWatcher _watcher;

        private Watch(TestDaemon daemon, WatchFolder folder, LogBook log)
        {
            (_daemon, _folder, Log) = (daemon, folder, log);
            _watcher = new FolderWatcher(folder, daemon.Server.Session, log, () => null)
            {
                OpenFile = path => MayRead ? FolderWatcher.OpenToRead(path) : throw new UnauthorizedAccessException("Not yet."),
            };
        }

        public bool MayRead { get; set; } = true;

        public TestDaemon Daemon => _daemon;

        public LogBook Log { get; }

        public string[] Files =>
        [
            .. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder.Path, path)).Order(StringComparer.Ordinal),
        ];

        public static async Task<Watch> StartAsync(Func<WatchFolder, WatchFolder>? configure = null)
        {
            TestDaemon daemon = await TestDaemon.StartAsync();
            WatchFolder folder = new(daemon["watch"]);
            Directory.CreateDirectory(folder.Path);
            LogBook log = new(new EventJournal(), TimeProvider.System);
            return new Watch(daemon, configure?.Invoke(folder) ?? folder, log);
        }

        public void Write(string name, ReadOnlySpan<byte> bytes)
        {
            string path = Path.Combine(_folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }

        public string PathOf(string name) => Path.Combine(_folder.Path, name);

        public string Read(string name) => File.ReadAllText(Path.Combine(_folder.Path, name));

        public Task ScanAtAsync(int seconds) =>
            _watcher.ScanAsync(Start.AddSeconds(seconds), TestContext.Current.CancellationToken).Bounded();

        public ValueTask DisposeAsync() => _daemon.DisposeAsync();
    }
}
