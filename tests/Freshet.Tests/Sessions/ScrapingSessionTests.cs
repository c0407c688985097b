using System.Net;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Tests.Connections;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents that announce to nobody learn from scrapes how many peers there are.</summary>
public sealed class ScrapingSessionTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VirtualTime _time = new();
    private Session? _session;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Queued_stopped_and_complete_torrents_are_scraped_in_one_request(bool isUdp)
    {
        IPEndPoint endPoint = new(IPAddress.Loopback, 0);
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = isUdp ? [] : [endPoint], UdpEndPoints = isUdp ? [endPoint] : [] },
            cancellationToken: Token);
        string url = tracker.AnnounceUrl.ToString();
        SampleData[] samples =
            [.. Enumerable.Range(0, 4).Select(i => SampleData.MakeNamed($"sample {i}", 16 * 1024, url, 50_000 + i))];
        _session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder["data"],
                StateFolder = _folder["state"],
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
                Queue = new QueueOptions { MaxActiveDownloads = 1 },
                TimeProvider = _time,
            },
            Token);
        Torrent active = await _session.AddAsync(TorrentSource.Bytes(samples[0].Torrent), cancellationToken: Token);
        Torrent queued = await _session.AddAsync(TorrentSource.Bytes(samples[1].Torrent), cancellationToken: Token);
        Torrent stopped = await AddStoppedAsync(samples[2]);
        samples[3].WriteTo(_folder["data"]);
        Torrent complete = await AddStoppedAsync(samples[3]);
        await _time.PassUntil(() => queued.Status.State == TorrentState.Queued);
        await PopulateAsync(url, queued, seeds: 1, leechers: 2);
        await PopulateAsync(url, stopped, seeds: 0, leechers: 1);
        await PopulateAsync(url, complete, seeds: 3, leechers: 0);

        await _time.PassUntil(() => CountsOf(queued) is not null && CountsOf(stopped) is not null && CountsOf(complete) is not null);
        Assert.Equal((1, 2), CountsOf(queued));
        Assert.Equal((0, 1), CountsOf(stopped));
        Assert.Equal((3, 0), CountsOf(complete));
        Assert.Equal(1, tracker.Statistics.Scrapes);
        Assert.Equal(TorrentState.Stopped, complete.Status.State);
        Assert.Null(Assert.Single(active.Trackers).LastScrape);
        Assert.Equal(0, Assert.Single(complete.Trackers).Downloads);
        Assert.Null(Assert.Single(complete.Trackers).LastAnnounce);

        // The time since then goes on, and half an hour later they are asked about again.
        await PopulateAsync(url, stopped, seeds: 2, leechers: 0);
        TimeSpan before = Assert.Single(stopped.Trackers).LastScrape!.Value;
        await _time.PassUntil(
            () => Assert.Single(stopped.Trackers).LastScrape > before + TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1));
        Assert.Equal((0, 1), CountsOf(stopped));
        await _time.PassUntil(() => CountsOf(stopped) == (2, 1), TimeSpan.FromMinutes(1));
        Assert.Equal(2, tracker.Statistics.Scrapes);
    }

    public async ValueTask DisposeAsync()
    {
        Task ending = _session?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
        _folder.Dispose();
    }

    private static (int? Seeders, int? Leechers)? CountsOf(Torrent torrent) =>
        Assert.Single(torrent.Trackers) is { LastScrape: not null } tracker ? (tracker.Seeders, tracker.Leechers) : null;

    private static async Task PopulateAsync(string url, Torrent torrent, int seeds, int leechers)
    {
        for (int i = 0; i < seeds + leechers; i++)
        {
            using TrackerClient client = new(source: TrackerSource.User);
            TrackerAnnounceResult result = await client.AnnounceAsync(
                new TrackerAnnounce
                {
                    Tracker = url,
                    InfoHash = torrent.InfoHash,
                    Port = 2_000 + (10 * seeds) + i,
                    Left = i < seeds ? 0 : 1_000,
                    Event = AnnounceEvent.Started,
                },
                Token);
            Assert.True(result.Succeeded, result.Error);
        }
    }

    private async Task<Torrent> AddStoppedAsync(SampleData sample)
    {
        Torrent torrent = await _session!.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
        return torrent;
    }
}
