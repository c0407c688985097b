using System.Net;
using Freshet.Core;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Connections;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>
/// Whatever waits for a disk that does not answer ends in time, says what may be lost, and changes nothing if the disk answers after all.
/// </summary>
public sealed class DeadDiskTests : IAsyncDisposable
{
    // It lies on a mount of its own, according to the system's table.
    private const string Dead = "/proc/dead";
    private const string Healthy = "/data";

    // The pieces of a seed that lacks the second file.
    private const int PiecesThere = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 700_000, 300_000);
    private readonly SampleData _other = SampleData.Make(32 * 1024, null, 200_000);
    private readonly SimulatedFileSystem _files = new();
    private readonly VirtualTime _time = new();
    private readonly ManualResetEventSlim _answers = new();
    private readonly List<string> _warnings = [];
    private int _hanging;
    private int _answered;
    private Session? _seed;

    public DeadDiskTests() => Requires.That(OperatingSystem.IsLinux(), "Mount points are distinguished by paths that only Linux has.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string RecordPath => $"/state/{_sample.Metainfo.SwarmHash}.resume";

    [Fact]
    public async Task A_start_that_hangs_can_be_stopped_and_removed()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, Dead, isStopped: true);
        Hang(call => call.Operation == FileOperation.Stat && IsDead(call));
        Task starting = torrent.StartAsync(Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        TimeSpan before = _time.Elapsed;
        Task stopping = torrent.StopAsync(Token);
        await _time.PassUntil(() => stopping.IsCompleted);
        await stopping;
        await starting;
        Assert.InRange(_time.Elapsed - before, Limits.DiskStopTime, Limits.DiskStopTime * 2);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        await AssertWarnedAsync("/proc");

        Task removing = session.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        await removing.Bounded();
        Assert.Null(_files.ReadAll(RecordPath));
        await AnswerAsync();
        Assert.DoesNotContain(_files.Image.Names.Keys, name => name.StartsWith(Dead + "/", StringComparison.Ordinal));
        Assert.Null(_files.ReadAll(RecordPath));
    }

    [Fact]
    public async Task A_stop_whose_flush_hangs_ends_without_a_clean_record_and_the_next_start_continues()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await DownloadSomeAsync(session, Dead);
        Hang(call => call.Operation == FileOperation.Flush && IsDead(call));
        Task stopping = torrent.StopAsync(Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await _time.PassUntil(() => stopping.IsCompleted);
        await stopping;
        await AssertWarnedAsync("/proc", "may be lost");
        await Patience.Until(() => torrent.Actor.Record.Run == RunState.Stopped);
        Assert.False(torrent.Actor.Record.Data is { IsClean: true });
        byte[]? record = _files.ReadAll(RecordPath);

        // The flush ends at last, and nobody is there to record what it made durable.
        await AnswerAsync();
        await torrent.Actor.OnLoopAsync(_ => { });
        Assert.Equal(record, _files.ReadAll(RecordPath));

        Task again = torrent.StartAsync(Token);
        await _time.PassUntil(() => torrent.Pieces.Count == PiecesThere && torrent.Status.State == TorrentState.Downloading);
        await again;
        await torrent.StopAsync(Token).Bounded();
        Assert.True(torrent.Actor.Record.Data!.IsClean);
        Assert.Equal(PiecesThere, torrent.Actor.Record.Data.Have.Count);
        Assert.Equal(PiecesThere * 64 * 1024, torrent.Totals.Downloaded.Bytes);
    }

    [Fact]
    public async Task A_session_with_a_dead_disk_ends_and_records_what_lies_on_others()
    {
        Session session = await StartAsync();
        Torrent healthy = await DownloadSomeAsync(session, Healthy);
        Hang(call => call.Operation == FileOperation.Write && IsDead(call));
        await StartOtherSeedAsync();
        Torrent dead = await session.AddAsync(
            TorrentSource.Bytes(_other.Torrent),
            new TorrentOptions { DownloadFolder = Dead, Peers = [.. _seed!.ListenEndPoints] }, Token);
        await _time.PassUntil(() => Volatile.Read(ref _hanging) > 0);
        Task ending = session.DisposeAsync().AsTask();
        await Patience.Until(() => healthy.Actor.Record.Data is { IsClean: true });
        Assert.Equal(PiecesThere, healthy.Actor.Record.Data!.Have.Count);
        TimeSpan before = _time.Elapsed;
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
        Assert.InRange(_time.Elapsed - before, TimeSpan.FromSeconds(1), Limits.SessionStopTime);
        await AssertWarnedAsync("/proc", "may be lost");
        byte[]? record = _files.ReadAll(RecordPath);

        // It is released, though a thread still hangs.
        await using Session next = await StartAsync();
        Assert.Equal(2, next.Torrents.Count);
        Torrent restored = next.Find(_sample.Metainfo.SwarmHash)!;
        await _time.PassUntil(() => restored.Status.State == TorrentState.Downloading);
        Assert.Equal(PiecesThere, restored.Pieces.Count);
        Assert.NotNull(record);
        Assert.Equal(RunState.Running, next.Find(dead.InfoHash)!.Actor.Record.Run);
        await AnswerAsync();
    }

    [Fact]
    public async Task A_stop_that_nobody_waits_for_goes_on_and_keeps_the_state_folder_until_its_end()
    {
        Session session = await StartAsync();
        await DownloadSomeAsync(session, Dead);
        Hang(call => call.Operation == FileOperation.Flush && IsDead(call));
        using CancellationTokenSource impatience = new();
        Task stopping = session.StopAsync(impatience.Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(StartAsync);
        Assert.Equal(FreshetError.Locked, refused.Error);

        Task ending = session.StopAsync(Token);
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
        await (await StartAsync()).DisposeAsync();
        await AnswerAsync();
    }

    [Fact]
    public async Task A_state_folder_that_hangs_ends_the_session_in_time_and_stays_locked_until_it_answers()
    {
        Session session = await StartAsync();
        Torrent torrent = await DownloadSomeAsync(session, Healthy);
        Hang(call => call.Operation == FileOperation.Flush && call.Path.StartsWith("/state/", StringComparison.Ordinal));
        Task ending = session.DisposeAsync().AsTask();
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
        await AssertWarnedAsync("/state");
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(StartAsync);
        Assert.Equal(FreshetError.Locked, refused.Error);

        // The write that hung ends, and with it the lock; none of the writes behind it begins.
        await AnswerAsync();
        Session? next = null;
        await Patience.Until(() => TryStart(out next));
        await using Session started = next!;
        Assert.Equal(torrent.InfoHash, Assert.Single(started.Torrents).InfoHash);
    }

    [Fact]
    public async Task Files_that_a_dead_disk_does_not_delete_in_time_are_left_and_named()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await DownloadSomeAsync(session, Dead);
        await torrent.StopAsync(Token).Bounded();
        string[] before = FilesOnDead();
        Assert.NotEmpty(before);
        Hang(call => call.Operation == FileOperation.Delete && IsDead(call));
        Task removing = session.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await _time.PassUntil(() => removing.IsCompleted);
        await removing;
        await AssertWarnedAsync("/proc", "not deleted", Dead);

        // Whatever is there later may belong to somebody else: only the operation that was running is completed.
        string mine = $"{Dead}/sample/1/file 1";
        _files.Put($"{Dead}/sample/1", new NamedEntry(FileKind.Folder));
        _files.Put(mine, [1, 2, 3]);
        await AnswerAsync();
        Assert.Equal([1, 2, 3], _files.ReadAll(mine));
    }

    [Fact]
    public async Task An_addition_that_is_cancelled_while_the_state_folder_hangs_leaves_no_torrent()
    {
        await using Session session = await StartAsync();
        Hang(call => call.Operation == FileOperation.Flush && call.Path.StartsWith("/state/", StringComparison.Ordinal));
        using CancellationTokenSource impatience = new();
        Task<Torrent> adding = session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = Healthy }, impatience.Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding.Bounded());
        await AnswerAsync();
        await Patience.Until(() => session.Torrents.Count == 0 && _files.ReadAll(RecordPath) is null);
        await AddAsync(session, Healthy, isStopped: true).Bounded();
        Assert.NotNull(_files.ReadAll(RecordPath));
    }

    [Fact]
    public async Task A_move_to_a_dead_disk_does_not_keep_anybody_waiting_on_the_source_disk()
    {
        await using Session session = await StartAsync();
        SampleData[] samples = [_sample, _other, SampleData.Make(16 * 1024, null, 100_000)];
        List<Torrent> torrents = [];
        foreach (SampleData sample in samples)
        {
            torrents.Add(await session.AddAsync(
                TorrentSource.Bytes(sample.Torrent),
                new TorrentOptions { DownloadFolder = $"{Healthy}/{torrents.Count}", Stopped = true },
                Token));
        }

        // As many moves as that disk has threads for calls.
        Hang(IsDead);
        Task[] moves = [.. torrents.Take(2).Select(torrent => torrent.MoveAsync($"{Dead}/{torrent.InfoHash}", null, Token))];
        await Patience.Until(() => Volatile.Read(ref _hanging) == 2);
        await torrents[2].StartAsync(Token).Bounded();
        Assert.Equal(TorrentState.Downloading, torrents[2].Status.State);
        await AnswerAsync();
        await Task.WhenAll(moves).Bounded();
    }

    [Fact]
    public async Task A_rename_that_a_stop_overtakes_ends_with_the_reason()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await DownloadSomeAsync(session, Dead);
        Hang(call => call.Operation == FileOperation.Rename && IsDead(call));
        Task renaming = torrent.RenameFileAsync(0, "elsewhere", Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        Task stopping = torrent.StopAsync(Token);
        await _time.PassUntil(() => stopping.IsCompleted);
        await stopping;
        FreshetException overtaken = await Assert.ThrowsAsync<FreshetException>(() => renaming.Bounded());
        Assert.Equal(FreshetError.Storage, overtaken.Error);
        Assert.Contains("/proc did not answer", overtaken.Message, StringComparison.Ordinal);
        await AnswerAsync();
    }

    [Fact]
    public async Task Metadata_that_the_state_folder_does_not_accept_does_not_delay_a_stop()
    {
        await StartOtherSeedAsync();
        await using Session session = await StartAsync();
        Hang(call => call.Operation == FileOperation.Flush && call.Path.EndsWith(".torrent.tmp", StringComparison.Ordinal));
        string link = $"magnet:?xt=urn:btih:{_other.Metainfo.SwarmHash}";
        Torrent torrent = await session.AddAsync(
            TorrentSource.Magnet(link),
            new TorrentOptions { DownloadFolder = Healthy, Peers = [.. _seed!.ListenEndPoints] },
            Token);
        await _time.PassUntil(() => Volatile.Read(ref _hanging) > 0);
        TimeSpan before = _time.Elapsed;
        Task stopping = torrent.StopAsync(Token);
        await _time.PassUntil(() => stopping.IsCompleted);
        Assert.Equal(FreshetError.Storage, (await Assert.ThrowsAsync<FreshetException>(() => stopping)).Error);
        Assert.InRange(_time.Elapsed - before, Limits.DiskStopTime, Limits.DiskStopTime * 2);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        await AssertWarnedAsync("/state");

        // The next run learns it, whatever became of the write.
        await AnswerAsync();
        await torrent.StartAsync(Token);
        await _time.PassUntil(() => torrent.Status.State == TorrentState.Seeding);
    }

    [Fact]
    public async Task Torrents_that_are_added_while_the_state_folder_hangs_hold_up_nothing_on_the_disk_of_their_data()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, Healthy, isStopped: true);
        Hang(call => call.Operation == FileOperation.Flush && call.Path.EndsWith(".torrent.tmp", StringComparison.Ordinal));
        Task[] adding = [.. Enumerable.Range(0, DiskLimits.CallThreads + 1)
            .Select(i => SampleData.MakeNamed($"another {i}", 16 * 1024, null, 50_000 + i))
            .Select(sample => session.AddAsync(
                TorrentSource.Bytes(sample.Torrent), new TorrentOptions { DownloadFolder = Healthy, Stopped = true }, Token))];
        await Patience.Until(() => Volatile.Read(ref _hanging) == DiskLimits.CallThreads);
        Assert.True(await torrent.Actor.Store!.RunAsync(() => true, Token).Bounded());
        await AnswerAsync();
        await Task.WhenAll(adding).Bounded();
        Assert.Equal(DiskLimits.CallThreads + 2, session.Torrents.Count);
    }

    [Fact]
    public async Task Abandoned_work_that_fails_later_is_not_an_unobserved_exception()
    {
        List<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
                unobserved.Add(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await LeaveBehindAsync();
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        lock (unobserved)
            Assert.DoesNotContain(unobserved, e => e.ToString().Contains("/state/", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _answers.Set();
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    // The end of the torrent is abandoned while its record hangs, and the record fails then.
    private async Task LeaveBehindAsync()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await DownloadSomeAsync(session, Healthy);
        Hang(call => call.Operation == FileOperation.Flush && call.Path.StartsWith("/state/", StringComparison.Ordinal));
        Task stopping = torrent.StopAsync(Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        await _time.PassUntil(() => stopping.IsCompleted);
        await Assert.ThrowsAsync<FreshetException>(() => stopping);
        _files.Fails = call => call.Path.StartsWith("/state/", StringComparison.Ordinal) ? Errno.InputOutput : null;
        await AnswerAsync();
        await torrent.Actor.OnLoopAsync(_ => { });
    }

    private static bool IsDead(FileCall call) => call.Path.StartsWith(Dead, StringComparison.Ordinal);

    private void Hang(Func<FileCall, bool> isMeant) => _files.Hang = (call =>
    {
        if (!isMeant(call))
            return false;
        Interlocked.Increment(ref _hanging);
        _answers.Wait(Patience.Bound);
        Interlocked.Increment(ref _answered);
        return false;
    }, _answers);

    /// <summary>Lets the disk answer; completes when everything that hung has gone on.</summary>
    private async Task AnswerAsync()
    {
        _answers.Set();
        await Patience.Until(() => Volatile.Read(ref _answered) == Volatile.Read(ref _hanging));
        int calls = -1;

        // What follows each call on the same thread is done when no more calls are made.
        await Patience.Until(() => calls == (calls = _files.Calls));
    }

    private SessionOptions Options() => new()
    {
        DownloadFolder = Healthy,
        StateFolder = "/state",
        FileSystem = _files,
        BindAddress = IPAddress.Loopback,
        ListenPort = 0,
        TimeProvider = _time,
    };

    private async Task<Session> StartAsync()
    {
        Session session = await Session.StartAsync(Options(), Token);
        _ = NoteWarningsAsync(session.ReadEventsAsync(CancellationToken.None));
        return session;
    }

    private bool TryStart(out Session? session)
    {
        Task<Session> starting = StartAsync();
        ((IAsyncResult)starting).AsyncWaitHandle.WaitOne();
        session = starting.Exception is null ? starting.GetAwaiter().GetResult() : null;
        return session is not null;
    }

    private async Task NoteWarningsAsync(IAsyncEnumerable<SessionEvent> events)
    {
        await foreach (SessionEvent happened in events)
        {
            lock (_warnings)
            {
                if (happened is SessionEvent.Warning warning)
                    _warnings.Add(warning.Message);
            }
        }
    }

    private Task AssertWarnedAsync(params string[] words) => Patience.Until(() =>
    {
        lock (_warnings)
            return _warnings.Exists(warning => words.All(word => warning.Contains(word, StringComparison.Ordinal)));
    });

    private Task<Torrent> AddAsync(Session session, string folder, bool isStopped = false) => session.AddAsync(
        TorrentSource.Bytes(_sample.Torrent),
        new TorrentOptions { DownloadFolder = folder, Stopped = isStopped, Peers = [.. _seed?.ListenEndPoints ?? []] },
        Token);

    // As much as the seed has, which lacks a file.
    private async Task<Torrent> DownloadSomeAsync(Session session, string folder)
    {
        _sample.WriteTo(_folder["seed"]);
        File.Delete(_folder[_sample.Metainfo.Files[1].Path.Insert(0, "seed/")]);
        await StartSeedAsync(_sample, "seed", PiecesThere);
        Torrent torrent = await AddAsync(session, folder);
        await _time.PassUntil(() => torrent.Pieces.Count == PiecesThere);
        return torrent;
    }

    private async Task StartOtherSeedAsync()
    {
        _other.WriteTo(_folder["other"]);
        await StartSeedAsync(_other, "other", _other.Metainfo.Layout.PieceCount);
    }

    private async Task StartSeedAsync(SampleData sample, string folder, int pieces)
    {
        _seed ??= await Session.StartAsync(
            new SessionOptions { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { DownloadFolder = _folder[folder] }, Token);
        await Patience.Until(() => torrent.Pieces.Count == pieces && torrent.Status.State is not TorrentState.Checking);
    }

    private string[] FilesOnDead() => [.. _files.Image.Names.Keys.Where(name => name.StartsWith(Dead + "/", StringComparison.Ordinal))];
}
