using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>
/// The order in which a session takes the right to write, downloads, makes what it has written durable, and records it.
/// </summary>
public sealed class WriteOrderTests : IAsyncDisposable
{
    private const int NoLocks = 37;

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 700_000, 300_000);
    private readonly SimulatedFileSystem _disk = new();
    private readonly ManualResetEventSlim _goesOn = new();

    // The calls that were made so far, in order.
    private readonly List<FileCall> _calls = [];
    private int _waiting;
    private Session? _seed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LockPath => $"/data/.{_sample.Metainfo.SwarmHash}.freshet-lock";

    private string RecordPath => $"/state/{_sample.Metainfo.SwarmHash}.resume";

    [Fact]
    public async Task Nothing_is_requested_before_the_right_to_write_is_taken()
    {
        // A check finds that something is missing: only then is the right requested, in the middle of a run.
        await StartSeedAsync();
        PutDamagedData();
        HoldUp(call => call.Path == LockPath && call.Operation == FileOperation.Open);
        await using Session session = await StartAsync("/state");
        Torrent torrent = await AddAsync(session);
        await Patience.Until(() => Volatile.Read(ref _waiting) > 0);

        // A seed is connected and has announced its pieces: a session that does not wait requests them now.
        await Patience.Until(() => torrent.Peers.Any(peer => peer.Progress == 1) || torrent.Totals.Downloaded.Bytes > 0);
        await Patience.Until(() => torrent.Status.Why == "Waiting until no other program or session writes the torrent's files.");
        Assert.Equal(0, torrent.Status.Downloaded.Bytes);
        _goesOn.Set();
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }

    [Fact]
    public async Task A_session_with_other_state_requests_nothing_while_the_first_has_the_right()
    {
        await StartSeedAsync();
        HoldUp(call => call.Operation == FileOperation.Write && call.Path.StartsWith("/data/sample", StringComparison.Ordinal));
        await using Session first = await StartAsync("/state");
        await using Session second = await StartAsync("/other");
        Torrent writer = await AddAsync(first);
        await Patience.Until(() => Volatile.Read(ref _waiting) > 0);
        Torrent refused = await AddAsync(second);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(
            () => refused.Completion.WaitAsync(Patience.Bound, Token));
        Assert.Contains("Another session downloads this torrent into /data", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, refused.Totals.Downloaded.Bytes);
        _goesOn.Set();
        await writer.Completion.WaitAsync(Patience.Bound, Token);
    }

    [Fact]
    public async Task A_record_is_written_only_after_the_data_that_it_vouches_for_is_durable()
    {
        await StartSeedAsync();
        HoldUp(call => IsFlush(call, "/data/sample"));
        _disk.Fails = call =>
        {
            _calls.Add(call);
            return null;
        };
        await using Session session = await StartAsync("/state");
        Torrent torrent = await AddAsync(session);
        await Patience.Until(() => Volatile.Read(ref _waiting) > 0 && torrent.Pieces.Count == _sample.Metainfo.Layout.PieceCount);
        Assert.False(torrent.Completion.IsCompleted);
        Assert.Null(torrent.Actor.Record.Data);
        int before = _disk.Calls;
        _goesOn.Set();
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        await torrent.StopAsync(Token);
        List<FileCall> calls = _calls[before..];
        int flushed = calls.FindLastIndex(call => IsFlush(call, "/data/sample"));
        Assert.InRange(flushed, 0, calls.FindIndex(call => IsFlush(call, RecordPath)));
        Assert.True(torrent.Actor.Record.Data is { IsClean: true, Have.IsFull: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_disk_has_no_room_for_the_lock_nothing_is_written_and_afterwards_the_download_goes_on(bool isDataThere)
    {
        await StartSeedAsync();
        if (isDataThere)
            PutDamagedData();
        int writes = 0;
        bool isFull = true;
        _disk.Fails = call =>
        {
            if (call is { Operation: FileOperation.Write } && call.Path.StartsWith("/data/", StringComparison.Ordinal))
                Interlocked.Increment(ref writes);
            return Volatile.Read(ref isFull) && call.Operation == FileOperation.Open && call.Path == LockPath ? Errno.NoSpace : null;
        };
        await using Session session = await StartAsync("/state");
        Torrent torrent = await AddAsync(session);
        await Patience.Until(() => torrent.Status.State == TorrentState.WaitingForDisk);
        Assert.Contains("the disk is full", torrent.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Volatile.Read(ref writes));
        Volatile.Write(ref isFull, false);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        Assert.True(writes > 0);
    }

    [Fact]
    public async Task A_right_that_another_session_took_while_the_disk_was_full_is_waited_for()
    {
        await StartSeedAsync();
        int writes = 0;
        _disk.Fails = call =>
        {
            if (call is { Operation: FileOperation.Write } && call.Path.StartsWith("/data/", StringComparison.Ordinal))
                Interlocked.Increment(ref writes);
            return call.Operation == FileOperation.Open && call.Path == LockPath ? Errno.NoSpace : null;
        };
        await using Session session = await StartAsync("/state");
        Torrent torrent = await AddAsync(session);
        await Patience.Until(() => torrent.Status.State == TorrentState.WaitingForDisk);
        int asked = 0;
        _disk.Fails = null;
        using (IFile held = _disk.Open(new FilePath("/data", LockPath["/data/".Length..]), FileOpening.LockForAll))
        {
            _disk.Fails = call =>
            {
                if (call is { Operation: FileOperation.Write } && call.Path.StartsWith("/data/", StringComparison.Ordinal))
                    Interlocked.Increment(ref writes);
                if (call.Operation == FileOperation.Open && call.Path == LockPath)
                    Interlocked.Increment(ref asked);
                return null;
            };
            await Patience.Until(() => Volatile.Read(ref asked) > 1);
            Assert.Equal(TorrentState.WaitingForDisk, torrent.Status.State);
            Assert.Equal(0, Volatile.Read(ref writes));
        }

        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }

    [Fact]
    public async Task Where_files_cannot_be_locked_the_download_goes_on_with_a_warning()
    {
        await StartSeedAsync();
        _disk.Fails = call => call.Operation == FileOperation.Open && call.Path == LockPath ? NoLocks : null;
        await using Session session = await StartAsync("/state");
        Task<SessionEvent.Warning> warned = session.ReadEventsAsync(Token).FirstAsync<SessionEvent.Warning>();
        Torrent torrent = await AddAsync(session);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        SessionEvent.Warning warning = await warned.Bounded();
        Assert.Same(torrent, warning.Torrent);
        Assert.Contains("The file system of /data cannot lock files", warning.Message, StringComparison.Ordinal);
        await torrent.MoveAsync("/elsewhere", null, Token);
        Assert.Equal("/elsewhere", torrent.Folder);
    }

    [Theory]
    [InlineData(Errno.ReadOnly)]
    [InlineData(Errno.AccessDenied)]
    [InlineData(NoLocks)]
    public async Task Without_the_right_to_write_the_files_that_are_wanted_are_seeded(int error)
    {
        await StartSeedAsync();
        await using (Session first = await StartAsync("/state"))
        {
            Torrent torrent = await first.AddAsync(
                TorrentSource.Bytes(_sample.Torrent),
                new TorrentOptions { FilePriorities = [FilePriority.Normal, FilePriority.Skip], Peers = [.. _seed!.ListenEndPoints] },
                Token);
            await torrent.Completion.WaitAsync(Patience.Bound, Token);
        }

        _disk.Fails = call => call.Writes && call.Path.StartsWith("/data", StringComparison.Ordinal) ? error : null;
        await using Session second = await StartAsync("/state");
        Torrent seed = Assert.Single(second.Torrents);
        await seed.Completion.WaitAsync(Patience.Bound, Token);
        Assert.Equal(TorrentState.Seeding, seed.Status.State);
        Assert.True(seed.Pieces.Count < _sample.Metainfo.Layout.PieceCount);
    }

    public async ValueTask DisposeAsync()
    {
        _goesOn.Set();
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    // All files exist, and the first byte is wrong.
    private void PutDamagedData()
    {
        foreach (TorrentFile file in _sample.Metainfo.Files)
        {
            for (int slash = file.Path.IndexOf('/'); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
                _disk.Put($"/data/{file.Path[..slash]}", new NamedEntry(FileKind.Folder));
            byte[] content = File.ReadAllBytes(_folder[$"seed/{file.Path}"]);
            content[0] ^= (byte)(file.Index == 0 ? 1 : 0);
            _disk.Put($"/data/{file.Path}", content);
        }
    }

    private static bool IsFlush(FileCall call, string path) =>
        call.Operation == FileOperation.Flush && call.Path.StartsWith(path, StringComparison.Ordinal);

    private void HoldUp(Func<FileCall, bool> isMeant) => _disk.Hang = (call =>
    {
        if (!_goesOn.IsSet && isMeant(call))
        {
            Interlocked.Increment(ref _waiting);
            return true;
        }

        return false;
    }, _goesOn);

    private Task<Session> StartAsync(string state) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = "/data",
            StateFolder = state,
            FileSystem = _disk,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);

    private Task<Torrent> AddAsync(Session session) => session.AddAsync(
        TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. _seed!.ListenEndPoints] }, Token);

    private async Task StartSeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        _seed = await Session.StartAsync(
            new SessionOptions { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["seed"] }, Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }
}
