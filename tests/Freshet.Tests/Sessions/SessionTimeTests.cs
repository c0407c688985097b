using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.SimulatedFiles;
using Freshet.Tests.Connections;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>A session follows the clock that it was given: things happen when that clock says so, and not before.</summary>
public sealed class SessionTimeTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VirtualTime _time = new();
    private Session? _seed;
    private Session? _session;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checkpoint_comes_after_its_interval()
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 700_000, 300_000);
        sample.WriteTo(_folder["seed"]);
        File.Delete(_folder["seed/" + sample.Metainfo.Files[1].Path]);
        await StartSeedAsync(sample, pieces: 10);
        SimulatedFileSystem files = new();
        Session session = await StartAsync(options => options with { FileSystem = files, CheckpointInterval = TimeSpan.FromHours(1) });
        Torrent torrent = await AddAsync(session, sample);
        TimeSpan began = _time.Elapsed;
        await _time.PassUntil(() => torrent.Pieces.Count == 10);
        await _time.PassUntil(() => torrent.Actor.Record.Data is { Have.Count: 10 }, TimeSpan.FromMinutes(1));
        Assert.InRange(_time.Elapsed - began, TimeSpan.FromHours(1), TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task Trackers_are_announced_to_again_after_their_interval()
    {
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, cancellationToken: Token);
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl.ToString(), 100_000);
        sample.WriteTo(_folder["data"]);
        Session session = await StartAsync(options => options);
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        List<DateTimeOffset> announced = [];
        Task reading = Task.Run(
            async () =>
            {
                await foreach (SessionEvent happened in events)
                {
                    lock (announced)
                    {
                        if (happened is SessionEvent.Announced)
                            announced.Add(happened.Time);
                    }
                }
            },
            Token);
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await _time.PassUntil(() => Count() == 1);
        await _time.PassUntil(() => Count() == 2, TimeSpan.FromMinutes(1));
        TimeSpan interval = new TrackerOptions().Interval;
        Assert.InRange(announced[1] - announced[0], interval, interval * 3);
        Assert.Equal(2001, announced[0].Year);
        await EndAsync();
        await reading.Bounded();

        int Count()
        {
            lock (announced)
                return announced.Count;
        }
    }

    [Fact]
    public async Task A_rate_limit_lets_through_what_the_time_allows()
    {
        const int Rate = 1 << 20;
        const int Length = 3 * Rate;
        SampleData sample = SampleData.Make(64 * 1024, null, Length);
        sample.WriteTo(_folder["seed"]);
        await StartSeedAsync(sample, sample.Metainfo.Layout.PieceCount);
        Session session = await StartAsync(options => options with { MaxDownloadRate = new DataRate(Rate) });
        Torrent torrent = await AddAsync(session, sample);
        await _time.PassUntil(() => torrent.Status.Downloaded.Bytes > 0, TimeSpan.FromMilliseconds(10));
        long before = torrent.Status.Downloaded.Bytes;
        TimeSpan began = _time.Elapsed;

        // Slower than the system's clock, by which it would be done too early.
        await _time.PassUntil(() => torrent.Completion.IsCompleted, TimeSpan.FromMilliseconds(2));
        double least = (Length - before) / (double)Rate * 0.5;
        Assert.InRange((_time.Elapsed - began).TotalSeconds, least, double.MaxValue);
    }

    [Fact]
    public async Task A_seed_ends_when_nobody_has_downloaded_anything_for_its_idle_time()
    {
        TimeSpan idle = TimeSpan.FromMinutes(10);
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        sample.WriteTo(_folder["data"]);
        Session session = await StartAsync(options => options with { SeedLimits = new SeedLimits { IdleTime = idle } });
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await _time.PassUntil(() => torrent.Completion.IsCompleted);
        TimeSpan began = _time.Elapsed;
        await _time.PassUntil(() => _time.Elapsed - began > idle * 0.6, TimeSpan.FromSeconds(5));

        // A download starts the idle time anew.
        await using Session leech = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder["leech"], StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 },
            Token);
        Torrent taken = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. session.ListenEndPoints] }, Token);
        await _time.PassUntil(() => taken.Completion.IsCompleted && torrent.Totals.Uploaded.Bytes == 100_000);
        TimeSpan last = _time.Elapsed;
        await _time.PassUntil(() => torrent.Status.State == TorrentState.Stopped, TimeSpan.FromSeconds(5));
        Assert.InRange(_time.Elapsed - last, idle - TimeSpan.FromMinutes(1), idle * 1.5);
        Assert.InRange(_time.Elapsed - began, idle * 1.5, TimeSpan.MaxValue);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    // An end waits for trackers as well, by the same clock.
    private async Task EndAsync()
    {
        Task ending = _session?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
    }

    private async Task<Session> StartAsync(Func<SessionOptions, SessionOptions> change) => _session = await Session.StartAsync(
        change(new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder["state"],
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            TimeProvider = _time,
        }),
        Token);

    private Task<Torrent> AddAsync(Session session, SampleData sample) => session.AddAsync(
        TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. _seed!.ListenEndPoints] }, Token);

    private async Task StartSeedAsync(SampleData sample, int pieces)
    {
        _seed = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder["seed"], StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 },
            Token);
        Torrent torrent = await _seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => torrent.Pieces.Count == pieces && torrent.Status.State is not TorrentState.Checking);
    }
}
