using System.Net;
using System.Net.Sockets;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Discovery.PortMapping;
using Freshet.Tests.Connections;
using Freshet.Tests.Discovery.PortMapping;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>A router that maps another port than ours, and does so after the first announces.</summary>
public sealed class ChangedPortTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VirtualTime _time = new();
    private Session? _session;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.71", 1_000)]
    [InlineData("127.0.0.72", 0)]
    public async Task Another_port_is_announced_as_soon_as_the_tracker_allows_and_the_same_is_not(string address, int shift)
    {
        TimeSpan least = TimeSpan.FromMinutes(4);
        TrackerOptions tracking = new()
        {
            HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            MinInterval = least,
            Interval = TimeSpan.FromMinutes(30),
        };
        await using TrackerServer tracker = await TrackerServer.StartAsync(tracking, cancellationToken: Token);
        await using FakeRouter router = new(address) { Shift = shift };
        router.SpeakNatPmp();
        Torrent torrent = await SeedAsync(tracker.AnnounceUrl.ToString(), null);
        await _time.PassUntil(() => tracker.Statistics.Announces == 1);
        TimeSpan announced = _time.Elapsed;
        int port = _session!.ListenEndPoints[0].Port;
        Assert.Equal([port], await PortsAtAsync(tracker, torrent));
        long before = tracker.Statistics.Announces;

        Map(torrent, router);
        await _time.PassUntil(() => _session.Status.PortMapping?.TcpPort == port + shift);
        await _time.PassUntil(() => _time.Elapsed - announced > TimeSpan.FromMinutes(3.5), TimeSpan.FromSeconds(1));
        Assert.Equal(before, tracker.Statistics.Announces);
        if (shift != 0)
            await _time.PassUntil(() => tracker.Statistics.Announces > before, TimeSpan.FromSeconds(1));
        else
            await _time.PassUntil(() => _time.Elapsed - announced > 4 * least, TimeSpan.FromSeconds(2));
        Assert.Equal(before + (shift == 0 ? 0 : 1), tracker.Statistics.Announces);
        Assert.InRange(_time.Elapsed - announced, least, tracking.Interval - least);
        Assert.Contains(port + shift, await PortsAtAsync(tracker, torrent));
    }

    [Fact]
    public async Task The_DHT_hears_of_it_too()
    {
        DhtNode node = await DhtNode.StartAsync(new DhtNodeOptions { BindAddress = IPAddress.Loopback }, Token);
        await using FakeRouter router = new("127.0.0.73") { Shift = 1_000 };
        router.SpeakNatPmp();
        Torrent torrent = await SeedAsync(null, node);
        await _time.PassUntil(() => torrent.Dht is { LastSearch: not null });
        TimeSpan announced = _time.Elapsed;
        int port = _session!.ListenEndPoints[0].Port;
        await using DhtNode asker = await DhtNode.StartAsync(
            new DhtNodeOptions
            {
                BindAddress = IPAddress.Loopback,
                Dht = new DhtOptions { Bootstrap = [node.EndPoints[0].ToString()], ReadOnly = true },
            },
            Token);
        Assert.Equal([port], await PortsAsync());

        // The router answers in real time, and the first search, which is for the port that was known then, may still be under way.
        TimeSpan first = TimeSpan.FromSeconds(30);
        Map(torrent, router);
        await _time.PassUntil(() => _session.Status.PortMapping?.TcpPort == port + 1_000);
        await _time.PassUntil(() => torrent.Dht!.LastSearch < _time.Elapsed - announced - first, TimeSpan.FromMilliseconds(500));
        Assert.Contains(port + 1_000, await PortsAsync());
        Assert.InRange(_time.Elapsed - announced, TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(5));
        await node.DisposeAsync();

        async Task<IEnumerable<int>> PortsAsync() =>
            (await asker.FindPeersAsync(torrent.InfoHash, cancellationToken: Token)).Peers.Select(static peer => peer.Port);
    }

    public async ValueTask DisposeAsync()
    {
        Task ending = _session?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await _time.PassUntil(() => ending.IsCompleted);
        await ending;
        _folder.Dispose();
    }

    private static void Map(Torrent torrent, FakeRouter router) => torrent.Actor.Services.Network.MapPorts(
        family => family == AddressFamily.InterNetwork ? new Gateway(router.Address, IPAddress.Loopback) : null);

    // As it is told to others, without an announce that could be taken for the torrent's.
    private static async Task<IEnumerable<int>> PortsAtAsync(TrackerServer tracker, Torrent torrent)
    {
        using TrackerClient client = new(source: TrackerSource.User);
        TrackerAnnounceResult found = await client.PeekAsync(
            new TrackerAnnounce { Tracker = tracker.AnnounceUrl.ToString(), InfoHash = torrent.InfoHash, Port = 1, Left = 1 }, Token);
        return found.Peers.Select(static peer => peer.EndPoint.Port);
    }

    private async Task<Torrent> SeedAsync(string? tracker, DhtNode? node)
    {
        SampleData sample = SampleData.Make(16 * 1024, tracker, 100_000);
        sample.WriteTo(_folder["data"]);
        _session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder["data"],
                StateFolder = null,
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
                Dht = node is null ? null : new DhtOptions { Bootstrap = [node.EndPoints[0].ToString()] },
                TimeProvider = _time,
            },
            Token);
        Torrent torrent = await _session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await _time.PassUntil(() => torrent.Status.State == TorrentState.Seeding);
        return torrent;
    }
}
