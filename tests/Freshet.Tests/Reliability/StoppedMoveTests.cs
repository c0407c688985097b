using System.Net;
using System.Runtime.InteropServices;
using Freshet.Core;
using Freshet.Core.Torrents;
using Freshet.Disk.Moving;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Connections;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>Moves to another disk that a stop overtakes, or that the other disk does not take.</summary>
public sealed class StoppedMoveTests : IAsyncDisposable
{
    private const string Source = "/data";
    private const string Target = "/elsewhere/deep";

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, [.. Enumerable.Range(0, 8).Select(i => 40_000 + i)]);
    private readonly SimulatedFileSystem _disk = new() { Mounts = ["/elsewhere"] };
    private readonly VirtualTime _time = new();
    private readonly ManualResetEventSlim _answers = new();
    private readonly List<string> _warnings = [];
    private Session? _seed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_that_is_left_behind_keeps_its_memory_to_itself()
    {
        await using Session session = await StartAsync(_time);
        Torrent torrent = await DownloadAsync(session);
        int hanging = 0;
        int answered = 0;
        _disk.Hang = (call =>
        {
            if (!IsCopying(call))
                return false;
            Interlocked.Increment(ref hanging);
            _answers.Wait(Patience.Bound);
            Interlocked.Increment(ref answered);
            return false;
        }, _answers);
        Task moving = torrent.MoveAsync(Target, null, Token);
        await Patience.Until(() => Volatile.Read(ref hanging) > 0);
        Task stopping = torrent.StopAsync(Token);
        await _time.PassUntil(() => stopping.IsCompleted);
        await stopping;
        await Assert.ThrowsAnyAsync<Exception>(() => moving.Bounded());

        // What others get now is theirs alone when the disk answers at last.
        nint[] blocks = [.. Enumerable.Range(0, 8).Select(_ => Take())];
        _answers.Set();
        await Patience.Until(() => Volatile.Read(ref answered) == Volatile.Read(ref hanging));
        int calls = -1;
        await Patience.Until(() => calls == (calls = _disk.Calls));
        Assert.All(blocks, block => Assert.True(IsUntouched(block)));
        foreach (nint block in blocks)
            Free(block);
    }

    [Fact]
    public async Task A_stop_during_a_long_move_does_not_wait_for_it_and_the_next_start_continues_it()
    {
        await using Session session = await StartAsync(_time);
        Torrent torrent = await DownloadAsync(session);
        int copies = 0;
        _disk.Hang = (call =>
        {
            // Each file takes its time, from the second one on.
            if (IsCopying(call) && call.Offset == 0 && Interlocked.Increment(ref copies) > 1)
            {
                _answers.Wait(Patience.Bound);
                _time.Advance(Limits.DiskStopTime / 4);
            }

            return false;
        }, _answers);
        Task moving = torrent.MoveAsync(Target, null, Token);
        await Patience.Until(() => Volatile.Read(ref copies) > 1);
        TimeSpan before = _time.Elapsed;
        Task stopping = torrent.StopAsync(Token);
        _answers.Set();
        await stopping.Bounded();
        Assert.InRange(_time.Elapsed - before, TimeSpan.Zero, Limits.DiskStopTime / 2);
        FreshetException overtaken = await Assert.ThrowsAsync<FreshetException>(() => moving.Bounded());
        Assert.Contains("The next start continues", overtaken.Message, StringComparison.Ordinal);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        Assert.Equal(RunState.Stopped, torrent.Actor.Record.Run);
        Assert.Empty(Warnings("has not answered"));

        _disk.Hang = null;
        await torrent.StartAsync(Token).Bounded();
        Assert.Equal(Target, torrent.Folder);
        AssertIn(Target);
        await _time.PassUntil(() => torrent.Status.State == TorrentState.Seeding);
        Assert.DoesNotContain(_disk.Image.Names.Keys, name => name.StartsWith(Source + "/sample", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Errno.ReadOnly)]
    [InlineData(Errno.AccessDenied)]
    [InlineData(Errno.NoSpace)]
    public async Task A_complete_torrent_that_its_finished_folder_does_not_take_stays_and_seeds_until_its_next_start(int error)
    {
        await using Session session = await StartAsync(TimeProvider.System);
        _disk.Fails = call => call.Writes && call.Path.StartsWith("/elsewhere", StringComparison.Ordinal)
            && (error != Errno.NoSpace || call.Operation == FileOperation.Write) ? error : null;
        await StartSeedAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { DownloadFolder = Target, IncompleteFolder = Source, Peers = [.. _seed!.ListenEndPoints] },
            Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);

        // Nothing goes on: no call is made for a while.
        int calls = -1;
        await Patience.Until(() => torrent.Status.State == TorrentState.Seeding && Warnings("stays in").Length > 0);
        int quiet = 0;
        while (quiet < 20)
        {
            await Task.Delay(10, Token);
            quiet = calls == (calls = _disk.Calls) ? quiet + 1 : 0;
            Assert.Single(Warnings("stays in"));
        }

        Assert.Contains("next start", Warnings("stays in")[0], StringComparison.Ordinal);
        Assert.Equal(Source, torrent.Folder);
        AssertIn(Source);

        _disk.Fails = null;
        await torrent.StopAsync(Token);
        await torrent.StartAsync(Token);
        await Patience.Until(() => torrent.Folder == Target && torrent.Status.State == TorrentState.Seeding);
        AssertIn(Target);
    }

    public async ValueTask DisposeAsync()
    {
        _answers.Set();
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsCopying(FileCall call) =>
        call.Operation == FileOperation.Read && call.Path.StartsWith(Source + "/sample", StringComparison.Ordinal);

    private static unsafe nint Take()
    {
        void* block = NativeMemory.AlignedAlloc(MoveLimits.BufferLength, 4096);
        new Span<byte>(block, MoveLimits.BufferLength).Fill(0xAA);
        return (nint)block;
    }

    private static unsafe bool IsUntouched(nint block) =>
        !new ReadOnlySpan<byte>((void*)block, MoveLimits.BufferLength).ContainsAnyExcept((byte)0xAA);

    private static unsafe void Free(nint block) => NativeMemory.AlignedFree((void*)block);

    private string[] Warnings(string words)
    {
        lock (_warnings)
            return [.. _warnings.Where(warning => warning.Contains(words, StringComparison.Ordinal))];
    }

    private async Task<Torrent> DownloadAsync(Session session)
    {
        await StartSeedAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. _seed!.ListenEndPoints] }, Token);
        await _time.PassUntil(() => torrent.Status.State == TorrentState.Seeding && torrent.Completion.IsCompleted);
        return torrent;
    }

    private async Task StartSeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        _seed = await Session.StartAsync(
            new SessionOptions { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["seed"] }, Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }

    private async Task<Session> StartAsync(TimeProvider time)
    {
        Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = Source,
                StateFolder = "/state",
                FileSystem = _disk,
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
                TimeProvider = time,
            },
            Token);
        _ = NoteWarningsAsync(session.ReadEventsAsync(CancellationToken.None));
        return session;
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

    private void AssertIn(string folder)
    {
        foreach ((string path, byte[] content) in _sample.Files)
            Assert.True(content.AsSpan().SequenceEqual(_disk.ReadAll($"{folder}/{path}")), path);
    }
}
