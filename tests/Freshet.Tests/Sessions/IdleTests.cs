using System.Collections.Concurrent;
using System.Net;
using Freshet.Loops;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Tests.Sessions;

public sealed class IdleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_seeding_torrent_without_peers_is_left_alone_for_long()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        sample.WriteTo(_folder["data"]);
        await using Session session = await StartAsync("data");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);

        // Once its last checkpoint is done.
        await Testing.Patience.Until(() => torrent.Actor.NextTick.Ticks - TimeProvider.System.Now().Ticks > TimeSpan.TicksPerSecond * 5);
    }

    [Fact]
    public async Task A_seeding_torrent_with_an_idle_peer_is_seldom_looked_at_and_its_rates_fall_to_nothing()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 200_000, 100_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech");

        // It wants only the first file, and so it stays when it has that.
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints], FilePriorities = [FilePriority.Normal, FilePriority.Skip] };
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        await Testing.Patience.Until(() => seeded.Status.Uploaded.Bytes >= 200_000 && seeded.Status.UploadRate.BytesPerSecond == 0);
        await Testing.Patience.Until(() => seeded.Actor.NextTick.Ticks - TimeProvider.System.Now().Ticks > TimeSpan.TicksPerSecond);
    }

    [Fact]
    public async Task A_checkpoint_that_fails_is_tried_again_even_if_nothing_else_happens()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        sample.WriteTo(_folder["data"]);
        string record = Path.Combine(_folder["data-state"], sample.Metainfo.SwarmHash + ".resume");
        Lines log = new();
        await using Session session = await StartAsync("data", log);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        File.Delete(record);
        Directory.CreateDirectory(Path.Combine(record, "in the way"));
        await Assert.ThrowsAsync<FreshetException>(() => torrent.StartAsync(Token));
        await Testing.Patience.Until(() => log.Any(line => line.Contains("cannot be recorded", StringComparison.Ordinal)));
        Directory.Delete(record, recursive: true);
        await Testing.Patience.Until(() => File.Exists(record));
    }

    private Task<Session> StartAsync(string folder, ILoggerFactory? log = null) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = _folder[folder + "-state"],
            RestoreTorrents = false,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            CheckpointInterval = TimeSpan.FromSeconds(1),
            LoggerFactory = log ?? NullLoggerFactory.Instance,
        },
        Token);

    /// <summary>Keeps what is logged.</summary>
    private sealed class Lines : ConcurrentQueue<string>, ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
