using System.Diagnostics.Metrics;
using System.Net;
using Freshet.Core.Torrents;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

public sealed class SessionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_torrent_is_downloaded_from_a_seed_found_through_a_tracker()
    {
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, cancellationToken: Token);
        SampleData sample = SampleData.Make(64 * 1024, tracker.AnnounceUrl.ToString(), 1_000_000, 0, 333_333, 5, 700_001);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed", IPAddress.Parse("127.0.0.2"));
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);

        await using Session leech = await StartAsync("leech", IPAddress.Parse("127.0.0.3"));
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        sample.AssertIn(_folder["leech"]);
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
        Assert.Equal(1, torrent.Status.Progress);
    }

    [Fact]
    public async Task A_torrent_is_downloaded_from_a_peer_named_by_hand()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 500_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed", IPAddress.Loopback);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech", IPAddress.Loopback);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task Downloaded_data_is_trusted_at_the_next_start()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000, 200_000);
        sample.WriteTo(_folder["data"]);
        for (int run = 0; run < 2; run++)
        {
            await using Session session = await StartAsync("data", IPAddress.Loopback);
            IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
            Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await torrent.Completion.WaitAsync(Patience, Token);
            await session.DisposeAsync();
            List<TorrentState> states = [];
            await foreach (SessionEvent happened in events)
            {
                if (happened is SessionEvent.StateChanged changed)
                    states.Add(changed.State);
            }

            // The first run checks what it finds; the second knows.
            Assert.Equal(run == 0, states.Contains(TorrentState.Checking));
        }
    }

    [Fact]
    public async Task Missing_data_is_an_error_and_no_new_download()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["data"]);
        await using (Session first = await StartAsync("data", IPAddress.Loopback))
        {
            Torrent torrent = await first.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await torrent.Completion.WaitAsync(Patience, Token);
        }

        Directory.Delete(_folder["data/sample"], recursive: true);
        await using Session second = await StartAsync("data", IPAddress.Loopback);
        Torrent gone = await second.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        TorrentFailedException failed = await Assert.ThrowsAsync<TorrentFailedException>(() => gone.Completion.WaitAsync(Patience, Token));
        Assert.Contains("mounted", failed.Message, StringComparison.Ordinal);
        Assert.Equal(TorrentState.Failed, gone.Status.State);
        Assert.False(Directory.Exists(_folder["data/sample"]));

        // Once it is put back, it goes on.
        sample.WriteTo(_folder["data"]);
        await gone.StartAsync(Token);
        await gone.Completion.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Data_under_names_that_only_Windows_forbids_is_found()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows does not allow these names.");
        byte[] content = [1, 2, 3];
        byte[] torrent = TestTorrents.OfFile("What? Part 1: begin", 16 * 1024, content);
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllBytes(_folder["data/What? Part 1: begin"], content);
        await using Session session = await StartAsync("data", IPAddress.Loopback);
        Torrent found = await session.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        await found.Completion.WaitAsync(Patience, Token);
        Assert.Equal(["What? Part 1: begin"], Directory.EnumerateFiles(_folder["data"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_torrent_that_exists_already_is_refused()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 1);
        await using Session session = await StartAsync("data", IPAddress.Loopback);
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
        Assert.Contains("already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_a_torrent_with_its_files_leaves_files_of_others()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 20_000, 30_000);
        sample.WriteTo(_folder["data"]);
        File.WriteAllText(_folder["data/sample/0/mine"], "mine");
        await using Session session = await StartAsync("data", IPAddress.Loopback);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        await session.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Empty(session.Torrents);
        Assert.Equal(["mine"], Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_taken_port_is_an_error_with_words()
    {
        await using Session first = await StartAsync("a", IPAddress.Loopback);
        SessionOptions same = Options("b", IPAddress.Loopback) with { ListenPort = first.ListenEndPoints[0].Port };
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => Session.StartAsync(same, Token));
        Assert.Contains("taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_with_options_is_reported()
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(
            () => new SessionOptions { ListenPort = -1, MaxConnections = 0, DownloadFolder = " " }.Validate());
        Assert.Contains("ListenPort is -1", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("MaxConnections is 0", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("DownloadFolder is empty", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_cannot_be_ended_keeps_no_other_from_ending()
    {
        SessionOptions options = Options("data", IPAddress.Loopback) with { RestoreTorrents = true };
        Session session = await Session.StartAsync(options with { MeterFactory = new StubbornMeters() }, Token);
        SampleData sample = SampleData.Make(16 * 1024, null, 100);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        IPEndPoint listening = Assert.Single(session.ListenEndPoints);
        torrent.Actor.Services.Network.MapPorts(static _ => throw new InvalidOperationException("a bug"));
        await session.StopAsync(Token).Bounded();

        // Else its state folder would be locked, and its port be taken.
        await using Session next = await Session.StartAsync(options with { ListenPort = listening.Port }, Token);
        Assert.Equal([listening], next.ListenEndPoints);
    }

    private Task<Session> StartAsync(string folder, IPAddress address) => Session.StartAsync(Options(folder, address), Token);

    private SessionOptions Options(string folder, IPAddress address) => new()
    {
        DownloadFolder = _folder[folder],
        StateFolder = _folder[folder + "-state"],
        RestoreTorrents = false,
        ListenPort = 0,
        BindAddress = address,
    };

    private sealed class StubbornMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new StubbornMeter(options);

        public void Dispose()
        {
        }
    }

    private sealed class StubbornMeter(MeterOptions options) : Meter(options)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new InvalidOperationException("it does not end");
        }
    }
}
