using System.Net;
using System.Text;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Tests.WebSeeds;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>Blocked addresses are blocked for everything: trackers, web seeds and nodes of the DHT as well as peers.</summary>
public sealed class FilteredServiceTests : IDisposable
{
    private static readonly IPAddress Blocked = IPAddress.Parse("127.0.0.5");
    private static readonly IPAddress Own = IPAddress.Parse("127.0.0.3");

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 100_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string List => _folder["list.txt"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_blocked_tracker_is_not_asked_until_it_is_no_longer_blocked()
    {
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(Blocked, 0)] }, cancellationToken: Token);
        await using Session session = await StartAsync(new SessionOptions());
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        Torrent torrent = await AddAsync(session, "blocked", tracker);
        await FailureAsync(events);
        Assert.Equal(0, tracker.Statistics.Announces);
        await AllowAsync(session);
        await torrent.ReannounceAsync(Token);
        await Patience.Until(() => tracker.Statistics.Peers == 1);
    }

    [Fact]
    public async Task Of_two_trackers_over_UDP_the_blocked_one_is_not_asked()
    {
        await using TrackerServer blocked = await StartUdpAsync(Blocked);
        await using TrackerServer allowed = await StartUdpAsync(IPAddress.Loopback);
        await using Session session = await StartAsync(new SessionOptions());
        await AddAsync(session, "blocked", blocked);
        await AddAsync(session, "allowed", allowed);
        await Patience.Until(() => allowed.Statistics.Peers == 1);
        await session.StopAsync(Token);
        Assert.Equal(2, allowed.Statistics.Announces);
        Assert.Equal(0, blocked.Statistics.Announces);
    }

    [Fact]
    public async Task A_blocked_web_seed_is_not_asked_until_it_is_no_longer_blocked()
    {
        await using FileServer server = new(_sample.Files, Blocked);
        await using Session session = await StartAsync(new SessionOptions());
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(_sample.Metainfo with { WebSeeds = [server.Url] }), cancellationToken: Token);
        await Patience.Until(() => torrent.WebSeeds is [{ State: WebSeedState.Resting }]);
        Assert.Equal(0, server.Connections);
        await AllowAsync(session);
        await torrent.StopAsync(Token);
        await torrent.StartAsync(Token);
        await torrent.Completion.Bounded();
    }

    [Fact]
    public async Task A_tracker_that_becomes_blocked_is_not_asked_over_the_connection_that_was_kept()
    {
        byte[] answer = Encoding.ASCII.GetBytes("d8:intervali1800e12:min intervali1e5:peers0:e");
        await using FileServer tracker = new(_sample.Files, Blocked)
        {
            Script = (_, _, stream) => FileServer.SendAsync(stream, $"200 OK\r\nContent-Length: {answer.Length}", answer),
        };
        await using Session session = await StartAsync(new SessionOptions(), isBlocked: false);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(SampleData.MakeNamed("blocked", 16 * 1024, tracker.Url + "announce", 100_000).Torrent),
            cancellationToken: Token);
        await Patience.Until(() => torrent.Trackers is [{ State: TrackerState.Working }]);
        await torrent.ReannounceAsync(Token);
        await Patience.Until(() => tracker.Queries.Count == 2);
        Assert.Equal(1, tracker.Connections);
        Block();
        await Patience.Until(() => session.Status.BlockedRanges == 1);
        await torrent.ReannounceAsync(Token);
        await Patience.Until(() => torrent.Trackers is [{ State: TrackerState.Failing }] || tracker.Queries.Count > 2);
        Assert.Equal(2, tracker.Queries.Count);
    }

    [Fact]
    public async Task A_web_seed_that_becomes_blocked_sends_nothing_more()
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 8_000_000);
        TaskCompletionSource isAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FileServer server = new(sample.Files, Blocked)
        {
            // Some 160 kB a second: no pause is long enough for us to look elsewhere, and all would come within a minute.
            Script = async (query, file, stream) =>
            {
                await FileServer.SendAsync(stream, FileServer.GoodHead(query, file), default);
                int at = query.From;
                while (at <= query.To)
                {
                    await stream.WriteAsync(file.AsMemory(at, Math.Min(8_192, query.To + 1 - at)));
                    isAsked.TrySetResult();
                    await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
                    at += 8_192;
                }

                return true;
            },
        };
        await using Session session = await StartAsync(new SessionOptions(), isBlocked: false);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(sample.Metainfo with { WebSeeds = [server.Url] }), cancellationToken: Token);
        await isAsked.Task.Bounded();
        Block();
        await Patience.Until(() => torrent.WebSeeds is [{ State: WebSeedState.Resting }] || torrent.Completion.IsCompleted);
        Assert.False(torrent.Completion.IsCompleted);
        Assert.InRange(server.Connections, 1, WebSeedLimits.MaxFetches);
    }

    [Fact]
    public async Task A_node_that_becomes_blocked_hears_of_no_torrent_any_more()
    {
        await using DhtNode blocked = await StartNodeAsync(Blocked);
        await using DhtNode allowed = await StartNodeAsync(IPAddress.Loopback);
        string[] nodes = [blocked.EndPoints[0].ToString(), allowed.EndPoints[0].ToString()];
        await using Session session = await StartAsync(
            new SessionOptions { Dht = new DhtOptions { Bootstrap = [.. nodes] } }, isBlocked: false);
        await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => allowed.Status.StoredHashes == 1 && blocked.Status.StoredHashes == 1);
        Block();
        await Patience.Until(() => session.Status.BlockedRanges == 1);
        await session.AddAsync(
            TorrentSource.Bytes(SampleData.MakeNamed("other", 16 * 1024, null, 100_000).Torrent), cancellationToken: Token);
        await Patience.Until(() => allowed.Status.StoredHashes == 2);
        Assert.Equal(1, blocked.Status.StoredHashes);
    }

    [Fact]
    public async Task A_blocked_node_is_not_used()
    {
        await using DhtNode blocked = await StartNodeAsync(Blocked);
        await using DhtNode allowed = await StartNodeAsync(IPAddress.Loopback);
        string[] nodes = [blocked.EndPoints[0].ToString(), allowed.EndPoints[0].ToString()];
        await using Session session = await StartAsync(new SessionOptions { Dht = new DhtOptions { Bootstrap = [.. nodes] } });
        await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => allowed.Status.StoredHashes == 1);
        Assert.Equal(1, session.Status.Dht!.Nodes);
        Assert.Equal((0, 0), (blocked.Status.StoredHashes, blocked.Status.Nodes));
    }

    private static async Task FailureAsync(IAsyncEnumerable<SessionEvent> events)
    {
        using CancellationTokenSource bound = new(Patience.Bound);
        await foreach (SessionEvent happened in events.WithCancellation(bound.Token))
        {
            if (happened is SessionEvent.AnnounceFailed)
                return;
        }
    }

    private static Task<TrackerServer> StartUdpAsync(IPAddress address) => TrackerServer.StartAsync(
        new TrackerOptions { HttpEndPoints = [], UdpEndPoints = [new IPEndPoint(address, 0)] }, cancellationToken: Token);

    private static Task<Torrent> AddAsync(Session session, string name, TrackerServer tracker) => session.AddAsync(
        TorrentSource.Bytes(SampleData.MakeNamed(name, 16 * 1024, tracker.AnnounceUrl.ToString(), 100_000).Torrent),
        cancellationToken: Token);

    private static Task<DhtNode> StartNodeAsync(IPAddress address) => DhtNode.StartAsync(
        new DhtNodeOptions { BindAddress = address, Dht = new DhtOptions { Bootstrap = [] } }, Token);

    private static Task AllowAsync(Session session) => session.ApplyAsync(session.Options with { Blocklist = null });

    private void Block() => File.WriteAllText(List, $"{Blocked}/32\n");

    private Task<Session> StartAsync(SessionOptions options, bool isBlocked = true)
    {
        File.WriteAllText(List, "");
        if (isBlocked)
            Block();
        return Session.StartAsync(
            options with
            {
                DownloadFolder = _folder["data"],
                StateFolder = null,
                BindAddress = Own,
                ListenPort = 0,
                Blocklist = List,
            },
            Token);
    }
}
