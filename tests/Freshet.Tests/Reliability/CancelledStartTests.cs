using System.Net;
using Freshet.SimulatedFiles;
using Freshet.Tests.Connections;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>Starts of a session that are cancelled, on disks that hang and on healthy ones.</summary>
public sealed class CancelledStartTests : IDisposable
{
    private readonly SimulatedFileSystem _files = new();
    private readonly VirtualTime _time = new();
    private readonly ManualResetEventSlim _answers = new();
    private int _hanging;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SessionOptions Options => new()
    {
        DownloadFolder = "/data",
        StateFolder = "/state",
        FileSystem = _files,
        BindAddress = IPAddress.Loopback,
        ListenPort = 0,
        TimeProvider = _time,
    };

    [Fact]
    public async Task A_session_start_whose_state_folder_hangs_does_not_block_its_caller_and_can_be_cancelled()
    {
        Hang(call => call.Path.StartsWith("/state", StringComparison.Ordinal));
        using CancellationTokenSource impatience = new();
        Task<Session> starting = Session.StartAsync(Options, impatience.Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        Assert.False(starting.IsCompleted);
        await impatience.CancelAsync();
        await _time.PassUntil(() => starting.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        // The folder is released when it answers.
        _answers.Set();
        Session? next = null;
        await Patience.Until(() => TryStart(out next));
        await next!.DisposeAsync();
    }

    [Fact]
    public async Task A_session_start_that_hangs_at_a_record_can_be_cancelled_too()
    {
        await AddAsync(1);
        Hang(call => call.Operation == FileOperation.Open && call.Path.EndsWith(".resume", StringComparison.Ordinal));
        using CancellationTokenSource impatience = new();
        Task<Session> starting = Session.StartAsync(Options, impatience.Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        Assert.False(starting.IsCompleted);
        await impatience.CancelAsync();
        await _time.PassUntil(() => starting.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        // Nobody else may use the folder before it answers; then it is released, and everything is in it.
        Assert.False(TryStart(out _));
        _answers.Set();
        Session? next = null;
        await Patience.Until(() => TryStart(out next));
        Assert.Single(next!.Torrents);
        await next.DisposeAsync();
    }

    [Fact]
    public async Task A_session_start_that_is_cancelled_on_a_healthy_disk_leaves_the_folder_free()
    {
        const int Torrents = 100;
        await AddAsync(Torrents);
        int opened = 0;
        Hang(call => call.Operation == FileOperation.Open && call.Path.EndsWith(".resume", StringComparison.Ordinal)
            && Interlocked.Increment(ref opened) > Torrents / 2);
        using CancellationTokenSource impatience = new();
        Task<Session> starting = Session.StartAsync(Options, impatience.Token);
        await Patience.Until(() => Volatile.Read(ref _hanging) > 0);
        int timers = _time.SetTimers;
        await impatience.CancelAsync();

        // The disk answers a moment later, before the start gives up.
        await Patience.Until(() => starting.IsCompleted || _time.SetTimers > timers);
        _answers.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.Bounded());
        await using Session next = await Session.StartAsync(Options, Token);
        Assert.Equal(Torrents, next.Torrents.Count);
    }

    public void Dispose()
    {
        _answers.Set();
        _answers.Dispose();
    }

    private void Hang(Func<FileCall, bool> isMeant) => _files.Hang = (call =>
    {
        if (!isMeant(call))
            return false;
        Interlocked.Increment(ref _hanging);
        return true;
    }, _answers);

    private bool TryStart(out Session? session)
    {
        Task<Session> starting = Session.StartAsync(Options, Token);
        ((IAsyncResult)starting).AsyncWaitHandle.WaitOne();
        session = starting.Exception is null ? starting.GetAwaiter().GetResult() : null;
        return session is not null;
    }

    // Leaves stopped torrents in the state folder.
    private async Task AddAsync(int count)
    {
        await using Session session = await Session.StartAsync(Options, Token);
        for (int i = 0; i < count; i++)
        {
            SampleData sample = SampleData.MakeNamed($"sample {i}", 16 * 1024, null, 20_000 + i);
            await session.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        }
    }
}
