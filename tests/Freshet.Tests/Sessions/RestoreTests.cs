using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>What a session restores of the one before it.</summary>
public sealed class RestoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Torrents_are_restored_with_their_options_order_and_times()
    {
        SampleData[] samples = Samples();
        TorrentOptions options = new()
        {
            FilePriorities = [FilePriority.High],
            Peers = [new IPEndPoint(IPAddress.Loopback, 1)],
            Sequential = true,
            MaxPeers = 7,
            UploadSlots = 3,
            ForceStart = true,
            MaxPeerDownloadRate = new DataRate(40_000),
            MaxPeerUploadRate = new DataRate(30_000),
            SeedLimits = new SeedLimits { Ratio = 1.5, IdleTime = TimeSpan.FromHours(2), Then = SeedEnd.Remove },
            SuperSeed = SuperSeeding.Always,
            SeedChoking = SeedChoking.RoundRobin,
            UseTrackers = false,
            PortableNames = true,
            MaxDownloadRate = new DataRate(50_000),
            MaxUploadRate = new DataRate(60_000),
            UserData = ImmutableDictionary<string, string>.Empty.Add("label", "linux ☃").Add("", "x"),
        };
        Assert.Throws<ArgumentException>(options.Validate);
        options = options with { UserData = options.UserData.Remove("") };
        DateTimeOffset[] added;
        await using (Session first = await StartAsync())
        {
            for (int i = 0; i < samples.Length; i++)
                await first.AddAsync(
                    TorrentSource.Bytes(samples[i].Torrent), i == 1 ? options : new TorrentOptions { Stopped = i == 2 }, Token);
            added = [.. first.Torrents.Select(torrent => torrent.AddedAt)];
        }

        await using Session second = await StartAsync();
        Assert.Empty(second.RestoreErrors);
        Assert.Equal(samples.Select(sample => sample.Metainfo.SwarmHash), second.Torrents.Select(torrent => torrent.InfoHash));
        Torrent[] torrents = [.. second.Torrents];
        TorrentOptions restored = torrents[1].Options;
        Assert.Equal(options.FilePriorities, restored.FilePriorities);
        Assert.Equal(options.Peers, restored.Peers);
        Assert.Equal(options.UserData, restored.UserData);
        TorrentOptions alike = options with { FilePriorities = [], Peers = [], UserData = TorrentOptionsDefault.UserData };
        Assert.Equal(alike, restored with { FilePriorities = alike.FilePriorities, Peers = alike.Peers, UserData = alike.UserData });
        Assert.Equal(added.Select(time => time.ToUnixTimeSeconds()), torrents.Select(torrent => torrent.AddedAt.ToUnixTimeSeconds()));
        await UntilAsync(torrents[0], TorrentState.Downloading);
        Assert.Equal(TorrentState.Stopped, torrents[2].Status.State);
    }

    [Fact]
    public async Task A_torrent_that_its_user_stopped_stays_stopped_and_one_that_is_removed_is_not_restored()
    {
        SampleData[] samples = Samples();
        await using (Session first = await StartAsync())
        {
            foreach (SampleData sample in samples)
                await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await first.Torrents[0].StopAsync(Token);
            await first.RemoveAsync(first.Torrents[1], RemoveMode.KeepFiles, Token);
        }

        await using Session second = await StartAsync();
        Assert.Equal([samples[0].Metainfo.SwarmHash, samples[2].Metainfo.SwarmHash], second.Torrents.Select(torrent => torrent.InfoHash));
        await UntilAsync(second.Torrents[1], TorrentState.Downloading);
        Assert.Equal(TorrentState.Stopped, second.Torrents[0].Status.State);
        await second.Torrents[0].StartAsync(Token);
        await second.DisposeAsync();

        await using Session third = await StartAsync();
        await UntilAsync(third.Torrents[0], TorrentState.Downloading);
    }

    [Fact]
    public async Task Restoring_and_stopping_complete_torrents_writes_nothing()
    {
        SampleData sample = Sample(300_000, 50_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync())
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await torrent.Completion.WaitAsync(Patience, Token);
        }

        Dictionary<string, DateTime> before = FilesOf(sample);
        for (int run = 0; run < 2; run++)
        {
            await using Session next = await StartAsync();
            await next.Torrents.Single().Completion.WaitAsync(Patience, Token);
            Assert.Equal(TorrentState.Seeding, next.Torrents.Single().Status.State);
        }

        Assert.Equal(before, FilesOf(sample));
    }

    [Fact]
    public async Task A_complete_torrent_is_recorded_as_such_before_that_is_reported()
    {
        SampleData sample = Sample(300_000);
        sample.WriteTo(_folder["data"]);
        await using Session first = await StartAsync();
        Torrent torrent = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);

        // As after a kill: the session does not end in between. What is complete is believed only if it looks the same to the last bit.
        CopyState();
        File.SetLastWriteTimeUtc(_folder["data/sample/0/file 0"], DateTime.UtcNow.AddSeconds(10));
        File.WriteAllBytes(_folder["data/sample/0/file 0"], new byte[300_000]);
        await using Session second = await StartAsync("copy");
        await UntilAsync(second.Torrents.Single(), TorrentState.Downloading);
        Assert.Equal(0, second.Torrents.Single().Status.PiecesHave);
    }

    [Fact]
    public async Task Totals_continue_from_run_to_run()
    {
        SampleData sample = Sample(300_000);
        sample.WriteTo(_folder["data"]);
        await using (Session seed = await StartAsync())
        {
            Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await seeded.Completion.WaitAsync(Patience, Token);
            await DownloadAsync(sample, seed, "one");
            await Testing.Patience.Until(() => seeded.Totals.Uploaded.Bytes >= 300_000);
        }

        await using Session again = await StartAsync();
        Torrent torrent = again.Torrents.Single();
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(300_000, torrent.Totals.Uploaded.Bytes);
        await DownloadAsync(sample, again, "two");
        await Testing.Patience.Until(() => torrent.Totals.Uploaded.Bytes >= 600_000);
        Assert.True(torrent.Totals.SeedingTime > TimeSpan.Zero && torrent.Totals.SeedingTime <= torrent.Totals.ActiveTime);
        Assert.NotNull(torrent.CompletedAt);
    }

    [Fact]
    public async Task Uploaded_bytes_are_known_after_a_kill()
    {
        SampleData sample = Sample(300_000);
        sample.WriteTo(_folder["data"]);
        await using Session seed = await StartAsync();
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);
        await DownloadAsync(sample, seed, "one");
        await Testing.Patience.Until(() => seeded.Totals.Uploaded.Bytes >= 300_000);

        // What a kill would leave, at each moment: from some checkpoint on, all of it.
        using CancellationTokenSource bound = new(Patience);
        long known = 0;
        for (int i = 0; known < 300_000; i++)
        {
            bound.Token.ThrowIfCancellationRequested();
            CopyFolder(_folder["state"], _folder[$"killed {i}"]);
            await using Session again = await StartAsync($"killed {i}");
            known = again.Torrents.Single().Totals.Uploaded.Bytes;
        }
    }

    [Fact]
    public async Task Only_one_session_restores_a_state_folder()
    {
        await using Session first = await StartAsync();
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => StartAsync());
        Assert.Equal(FreshetError.Locked, refused.Error);
        Assert.Contains(_folder["state"], refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FreshetException>(() => StartAsync(restores: false));
        await first.DisposeAsync();
        await using Session shared = await StartAsync(restores: false);
        await using Session sharing = await StartAsync(restores: false);
        await Assert.ThrowsAsync<FreshetException>(() => StartAsync());
    }

    [Fact]
    public async Task A_torrent_whose_file_is_damaged_is_reported_and_the_others_are_restored()
    {
        SampleData[] samples = Samples();
        await using (Session first = await StartAsync())
        {
            foreach (SampleData sample in samples)
                await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        }

        File.WriteAllText(_folder[$"state/{samples[0].Metainfo.SwarmHash}.torrent"], "hello");
        File.WriteAllText(_folder[$"state/{samples[1].Metainfo.SwarmHash}.resume"], "hello");
        File.Delete(_folder[$"state/{samples[1].Metainfo.SwarmHash}.resume.previous"]);
        await using Session second = await StartAsync();
        Assert.Equal(2, second.RestoreErrors.Count);
        Assert.Contains(
            second.RestoreErrors, error => error.StartsWith(samples[0].Metainfo.SwarmHash.ToString(), StringComparison.Ordinal));

        // Nobody knows where its data is, so it must not be downloaded anew somewhere else.
        Assert.Contains(second.RestoreErrors, error => error.Contains("is lost", StringComparison.Ordinal));
        Torrent unknown = second.Find(samples[1].Metainfo.SwarmHash)!;
        await UntilAsync(second.Find(samples[2].Metainfo.SwarmHash)!, TorrentState.Downloading);
        Assert.Equal(TorrentState.Stopped, unknown.Status.State);
    }

    [Fact]
    public async Task The_state_is_open_only_to_its_user()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows has other permissions.");
        SampleData sample = Sample(300_000);
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder["state"]).Append(_folder["state"]))
            Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0, path);
    }

    [Fact]
    public async Task Complete_data_is_checked_and_seeded_from_one_folder_by_several_sessions()
    {
        SampleData sample = Sample(3_000_000);
        sample.WriteTo(_folder["data"]);
        await using Session first = await StartAsync("one");
        await using Session second = await StartAsync("two");
        Torrent[] torrents = await Task.WhenAll(
            first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token),
            second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
        await Task.WhenAll(torrents.Select(torrent => torrent.Completion)).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task What_a_check_finds_missing_is_written_by_only_one_session()
    {
        SampleData sample = Sample(3_000_000);
        sample.WriteTo(_folder["data"]);
        string file = Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories).First();
        byte[] content = File.ReadAllBytes(file);
        content[0] ^= 1;
        File.WriteAllBytes(file, content);
        await using Session first = await StartAsync("one");
        Torrent held = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await UntilAsync(held, TorrentState.Downloading);
        await Testing.Patience.Until(() => File.Exists(_folder[$"data/.{held.InfoHash}.freshet-lock"]));
        await using Session second = await StartAsync("two");
        Torrent refused = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => refused.Completion.WaitAsync(Patience, Token));
        Assert.Contains("Another session downloads this torrent", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_two_sessions_find_missing_at_once_is_written_by_one_of_them()
    {
        SampleData sample = Sample(3_000_000);
        sample.WriteTo(_folder["data"]);
        sample.WriteTo(_folder["seed"]);
        string file = Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories).First();
        byte[] content = File.ReadAllBytes(file);
        content[0] ^= 1;
        File.WriteAllBytes(file, content);
        await using Session seed = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder["seed"], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
            Token);
        Torrent source = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await UntilAsync(source, TorrentState.Seeding);
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints] };
        await using Session first = await StartAsync("one");
        await using Session second = await StartAsync("two");
        Torrent[] torrents = await Task.WhenAll(
            first.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token),
            second.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token));

        // Either the second finds the lock, or it comes when the first has repaired everything; it never downloads at the same time.
        await Testing.Patience.Until(() => torrents.All(
            torrent => torrent.Status.State is TorrentState.Seeding or TorrentState.Failed));
        Torrent[] writers = [.. torrents.Where(torrent => torrent.Status.State == TorrentState.Seeding)];
        Assert.NotEmpty(writers);
        Assert.All(
            torrents.Except(writers),
            refused => Assert.Equal((0, true), ((int)refused.Status.Downloaded.Bytes, refused.Status.Reason!.Contains("Another session"))));
        await Testing.Patience.Until(() => writers.All(torrent => torrent.Completion.IsCompleted));
        sample.AssertIn(_folder["data"]);
    }

    [Fact]
    public async Task Two_sessions_with_different_state_do_not_write_one_folder()
    {
        SampleData sample = Sample(300_000);
        await using Session first = await StartAsync("one");
        Torrent held = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await UntilAsync(held, TorrentState.Downloading);
        await using Session second = await StartAsync("two");
        Torrent refused = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => refused.Completion.WaitAsync(Patience, Token));
        Assert.Contains("Another session downloads this torrent", failed.Message, StringComparison.Ordinal);

        // Once the first has stopped, nothing of its lock is left.
        await held.StopAsync(Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["data"]));
        await refused.StartAsync(Token);
        await UntilAsync(refused, TorrentState.Downloading);
    }

    // They run in one folder.
    private static SampleData[] Samples() =>
        [.. ((int[])[100_000, 200_000, 300_000]).Select(length => SampleData.MakeNamed($"sample {length}", 16 * 1024, null, length))];

    private static SampleData Sample(params int[] lengths) => SampleData.Make(16 * 1024, null, lengths);

    private static readonly TorrentOptions TorrentOptionsDefault = new();

    private static async Task UntilAsync(Torrent torrent, TorrentState state) =>
        await Testing.Patience.Until(() => torrent.Status.State == state);

    private async Task DownloadAsync(SampleData sample, Session seed, string folder)
    {
        await using Session leech = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
            Token);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
    }

    private Dictionary<string, DateTime> FilesOf(SampleData sample) =>
        Directory.GetFiles(_folder["state"], sample.Metainfo.SwarmHash + "*").ToDictionary(path => path, File.GetLastWriteTimeUtc);

    private void CopyState()
    {
        Directory.CreateDirectory(_folder["copy"]);
        foreach (string file in Directory.EnumerateFiles(_folder["state"]).Where(file => Path.GetFileName(file) != "lock"))
            File.Copy(file, Path.Combine(_folder["copy"], Path.GetFileName(file)));
    }

    // Of a session that is at work: its lock is its own, and what it is writing does not exist yet or not any more.
    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            try
            {
                File.Copy(file, copy);
            }
            catch (IOException)
            {
                // The lock, or a file that was renamed in the meantime.
            }
        }
    }

    private Task<Session> StartAsync(string state = "state", bool restores = true) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder[state],
            RestoreTorrents = restores,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
            CheckpointInterval = TimeSpan.FromSeconds(1),
        },
        Token);
}
