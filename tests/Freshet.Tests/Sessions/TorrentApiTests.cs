using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>What a program can read about a torrent, and tell it to do.</summary>
public sealed class TorrentApiTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_report_their_places_and_progress()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 40_000, 0, 30_000);
        sample.WriteTo(_folder["data"]);
        File.WriteAllBytes(_folder["data/sample/2/file 2"], new byte[30_000]);
        await using Session session = await StartAsync("data");
        TorrentOptions options = new() { FilePriorities = [FilePriority.High, FilePriority.Low] };
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Downloading);

        // The third piece holds the end of the first file and the beginning of the third.
        Assert.Equal(["sample/0/file 0", "sample/1/file 1", "sample/2/file 2"], torrent.Files.Select(file => file.Path));
        Assert.Equal(_folder["data/sample/2/file 2"], torrent.Files[2].StoredPath);
        Assert.Equal([FilePriority.High, FilePriority.Low, FilePriority.Normal], torrent.Files.Select(file => file.Priority));
        Assert.Equal([32_768, 0, 0], torrent.Files.Select(file => file.Verified.Bytes));
        Assert.Equal(1, torrent.Files[1].Progress);
        Assert.Equal(2, torrent.Pieces.Count);
        torrent.Pieces.Clear();
        Assert.Equal(2, torrent.Pieces.Count);
        SessionStatus status = session.Status;
        Assert.Equal((1, 1, 0), (status.Torrents, status.Downloading, status.Seeding));
        Assert.Equal(session.ListenEndPoints[0].Port, status.ListenPort);
    }

    [Fact]
    public async Task Peers_are_reported_by_both_sides()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000, 100_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech");

        // Slowly, so that both are seen while they are connected.
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new DataRate(20_000) };
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        await Testing.Patience.Until(
            () => seeded.Peers is [{ Uploaded.Bytes: > 0 }]
                && torrent.Peers is [{ Downloaded.Bytes: > 0, IsInteresting: true, IsInterested: false, Progress: 1 }]);
        PeerStatus ours = Assert.Single(torrent.Peers);
        Assert.True(ours.IsOutgoing);
        Assert.Equal(seed.ListenEndPoints[0], ours.EndPoint);
        Assert.Equal(1, ours.Progress);
        Assert.StartsWith("Freshet", ours.Client, StringComparison.Ordinal);
        Assert.False(seeded.Peers[0].IsOutgoing);
        Assert.Equal([Core.Peers.PeerSource.Manual], ours.Sources.All);
        Assert.Equal([Core.Peers.PeerSource.Incoming], seeded.Peers[0].Sources.All);
        await Testing.Patience.Until(() => torrent.Status.WhyCode == WhyCode.OurLimit && torrent.Peers is [{ ResponseTime: not null }]);
        WhyNumbers numbers = torrent.Status.WhyNumbers;
        Assert.Equal((options.MaxDownloadRate, LimitScope.Torrent), (numbers.Limit, numbers.LimitScope));
        Assert.Equal(OperatingSystem.IsLinux(), torrent.Peers[0].RoundTrip is not null);
        Assert.InRange(torrent.Status.DistributedCopies!.Value, 1, 1.999);
    }

    [Fact]
    public async Task A_seed_reports_that_its_limit_holds_it_up()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 2_000_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(
            OptionsFor("seed") with { MaxUploadRate = new DataRate(100_000) }, cancellationToken: Token);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech");
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints] };
        await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        await Testing.Patience.Until(() => seeded.Status.WhyCode == WhyCode.OurLimit);
        Assert.Equal((new DataRate(100_000), LimitScope.Session), (seeded.Status.WhyNumbers.Limit, seeded.Status.WhyNumbers.LimitScope));
    }

    [Fact]
    public async Task Trackers_are_reported_and_asked_again_on_demand()
    {
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, cancellationToken: Token);
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl.ToString(), 100_000);
        await using Session session = await StartAsync("data");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Testing.Patience.Until(() => torrent.Trackers is [{ LastAnnounce: not null }]);
        TrackerStatus status = Assert.Single(torrent.Trackers);
        Assert.Equal(tracker.AnnounceUrl.ToString(), status.Url);
        Assert.Equal(TrackerState.Working, status.State);
        TimeSpan before = torrent.Trackers[0].NextAnnounce!.Value;
        await Testing.Patience.Until(() => torrent.Trackers[0].NextAnnounce < before);
        await torrent.ReannounceAsync(Token);
        await Testing.Patience.Until(() => torrent.Trackers[0].NextAnnounce is { } next && next < before);
    }

    [Fact]
    public async Task A_torrent_comes_from_a_stream_or_from_what_was_read_before()
    {
        SampleData sample = SampleData.Make(16 * 1024, "http://127.0.0.1:9/announce", 100_000);
        await using Session session = await StartAsync("data");
        TorrentOptions stopped = new() { Stopped = true };
        using MemoryStream stream = new(sample.Torrent);
        Torrent torrent = await session.AddAsync(TorrentSource.Stream(stream), stopped, Token);
        Assert.Equal(sample.Metainfo.SwarmHash, torrent.InfoHash);
        await session.RemoveAsync(torrent, cancellationToken: Token);
        Torrent again = await session.AddAsync(TorrentSource.Metainfo(sample.Metainfo), stopped, Token);
        TorrentMetainfo metainfo = await again.WaitForMetadataAsync(Token);
        Assert.Equal(sample.Metainfo.SwarmHash, again.InfoHash);
        Assert.True(sample.Metainfo.PieceHashes.Span.SequenceEqual(metainfo.PieceHashes.Span));
        Assert.Equal(sample.Metainfo.Trackers[0][0], metainfo.Trackers[0][0]);

        FreshetException malformed = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes("hello"u8.ToArray()), stopped, Token));
        Assert.Equal(FreshetError.Malformed, malformed.Error);
        FreshetException exists = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Bytes(sample.Torrent), stopped, Token));
        Assert.Equal(FreshetError.TorrentExists, exists.Error);
        FreshetException missing = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.File(_folder["nothing.torrent"]), stopped, Token));
        Assert.Equal(FreshetError.Storage, missing.Error);
    }

    [Fact]
    public async Task A_recheck_finds_what_somebody_else_changed()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        sample.WriteTo(_folder["data"]);
        await using Session session = await StartAsync("data");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        DateTime time = File.GetLastWriteTimeUtc(_folder["data/sample/0/file 0"]);
        using (FileStream file = File.OpenWrite(_folder["data/sample/0/file 0"]))
            file.Write(new byte[100]);
        File.SetLastWriteTimeUtc(_folder["data/sample/0/file 0"], time);
        await torrent.RecheckAsync(Token);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        Assert.Equal(torrent.Status.PieceCount - 1, torrent.Status.PiecesHave);
        Assert.False(torrent.Pieces[new PieceIndex(0)]);
    }

    [Fact]
    public async Task Deadlines_are_bounded_and_apply_to_existing_pieces()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        await using Session session = await StartAsync("data");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.SetDeadlinesAsync([new PieceIndex(3), new PieceIndex(4)], TimeSpan.FromSeconds(1), Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => torrent.SetDeadlinesAsync([new PieceIndex(7)], TimeSpan.FromSeconds(1), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => torrent.SetDeadlinesAsync([], TimeSpan.FromSeconds(-1), Token));
    }

    [Fact]
    public async Task A_torrent_that_is_removed_or_ended_does_not_start_again()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        await using Session session = await StartAsync("data");
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        Task removal = session.RemoveAsync(torrent, RemoveMode.KeepFiles, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => torrent.StartAsync(Token));
        await removal;
        await Assert.ThrowsAsync<ArgumentException>(() => session.RemoveAsync(torrent, RemoveMode.KeepFiles, Token));
        await Assert.ThrowsAsync<TaskCanceledException>(() => torrent.Completion.WaitAsync(Patience, Token));
        await session.StopAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token));
    }

    [Fact]
    public async Task Cancelling_an_addition_leaves_no_torrent()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 100_000);
        await using Session session = await StartAsync("data");
        using CancellationTokenSource given = new();
        Task<Torrent> adding = session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: given.Token);
        await given.CancelAsync();
        Task first = await Task.WhenAny(adding);
        if (first.IsCompletedSuccessfully)
            return;
        await Testing.Patience.Until(() => session.Torrents.Count == 0);
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
    }

    private Task<Session> StartAsync(string folder) => Session.StartAsync(OptionsFor(folder), Token);

    private SessionOptions OptionsFor(string folder) => new()
    {
        DownloadFolder = _folder[folder],
        StateFolder = _folder[folder + "-state"],
        ListenPort = 0,
        BindAddress = IPAddress.Loopback,
    };
}
