using System.Net;
using Freshet.Core.Torrents;
using Freshet.Core.Wire.Proxies;
using Freshet.Tests.Network;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

public sealed class ProxiedSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Peers_and_trackers_are_reached_through_the_proxy_which_gets_their_names_and_the_session_does_not_listen()
    {
        using ScriptedProxy proxy = new();
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], UdpEndPoints = [] }, cancellationToken: Token);
        int trackerPort = tracker.AnnounceUrl.Port;
        SampleData sample = SampleData.Make(16 * 1024, $"http://tracker.example:{trackerPort}/announce", 300_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(Options("seed") with { BindAddress = IPAddress.Loopback }, Token);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { UseTrackers = false }, Token);
        await seeded.Completion.Bounded();

        SessionOptions through = Options("leech") with
        {
            Proxy = proxy.Options,
            Dht = new DhtOptions { Bootstrap = ["127.0.0.1:1"] },
            LocalDiscovery = true,
            PortMapping = true,
        };
        await using Session leech = await Session.StartAsync(through, Token);
        Task<string[]> warnings = WarningsAsync(leech.ReadEventsAsync(Token));
        Assert.Empty(leech.ListenEndPoints);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["leech"]);
        await Patience.Until(() => tracker.Statistics.Announces > 0);
        int seedPort = seed.ListenEndPoints[0].Port;
        Assert.Contains($"tracker.example:{trackerPort}", proxy.Asked);
        Assert.Contains($"127.0.0.1:{seedPort}", proxy.Asked);
        SessionStatus status = leech.Status;
        Assert.Equal((proxy.Options.ToString(), 0), (status.Proxy, status.ListenPort));
        Assert.Equal((null, null), (status.Local, status.PortMapping));
        Assert.False(status.Reachability.IsReachable);
        Assert.Equal("peers are reached through a proxy, by which none can connect to us", status.Reachability.Reason);
        await Patience.Until(() => torrent.Status.IsReachable == false);
        string turnedOff =
            $"Through the proxy {proxy.Options} alone go all connections: incoming connections, local discovery and port mapping are off.";
        await leech.DisposeAsync().AsTask().Bounded();
        Assert.Single(await warnings.Bounded(), warning => warning == turnedOff);
    }

    [Fact]
    public async Task If_the_proxy_is_gone_nothing_bypasses_it()
    {
        ScriptedProxy proxy = new();
        ProxyOptions options = proxy.Options;
        proxy.Dispose();
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions
            {
                HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
                UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            },
            cancellationToken: Token);
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl.ToString(), 300_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(Options("seed") with { BindAddress = IPAddress.Loopback }, Token);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { UseTrackers = false }, Token);
        await seeded.Completion.Bounded();
        await using Session leech = await Session.StartAsync(Options("leech") with { Proxy = options }, Token);
        IAsyncEnumerable<SessionEvent> events = leech.ReadEventsAsync(Token);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await foreach (SessionEvent happened in events)
        {
            if (happened is SessionEvent.AnnounceFailed failed)
            {
                Assert.Contains($"the proxy {options} cannot be reached", failed.Reason);
                break;
            }
        }

        Assert.Equal(0, tracker.Statistics.Announces);
        Assert.Empty(seeded.Peers);
        Assert.Equal(TorrentState.Downloading, torrent.Status.State);
    }

    [Fact]
    public async Task Utp_alone_cannot_be_combined_with_a_proxy()
    {
        ProxyOptions proxy = new() { Kind = ProxyKind.Http, Host = "", Port = 8080 };
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(
            () => Session.StartAsync(Options("none") with { Proxy = proxy, Utp = UtpMode.Only }, Token));
        Assert.Contains("uTP does not go through an HTTP proxy", e.Message);
        Assert.Contains("the proxy's host is empty", e.Message);
    }

    private static async Task<string[]> WarningsAsync(IAsyncEnumerable<SessionEvent> events)
    {
        List<string> warnings = [];
        await foreach (SessionEvent happened in events)
        {
            if (happened is SessionEvent.Warning warning)
                warnings.Add(warning.Message);
        }

        return [.. warnings];
    }

    private SessionOptions Options(string folder) => new() { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0 };
}
