using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Tests.Network;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>Whatever needs UDP, through common proxies.</summary>
public sealed class ProxiedUdpTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable started in _started.AsEnumerable().Reverse())
            await started.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Utp_goes_through_a_socks5_proxy_that_relays()
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("danted", wantsPassword: false);
        SampleData sample = SampleData.Make(16 * 1024, null, 900_000);
        (Session seed, _) = await SeedAsync(sample);
        Session leech = await StartAsync("leech", proxy.Options(ProxyKind.Socks5), UtpMode.Only);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await Patience.Until(() => torrent.Peers.Length == 1 || torrent.Completion.IsCompleted);
        Assert.All(torrent.Peers, peer => Assert.Equal((PeerTransport.Utp, PeerPath.Proxy), (peer.Transport, peer.Path)));
        await torrent.Completion.WaitAsync(Bound, Token);
        sample.AssertIn(_folder["leech"]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_udp_tracker_is_asked_through_a_proxy_that_looks_up_its_name(string host)
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("danted", wantsPassword: false);
        await using TrackerServer tracker = await StartTrackerAsync();
        SampleData sample = SampleData.Make(16 * 1024, $"udp://{host}:{tracker.UdpEndPoints[0].Port}/announce", 300_000);
        (_, Torrent seeding) = await SeedAsync(sample, usesTrackers: true);
        await Patience.Until(() => tracker.Statistics.Announces > 0);
        Session leech = await StartAsync("leech", proxy.Options(ProxyKind.Socks5), UtpMode.Off);
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Bound, Token);
        sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task The_dht_is_searched_through_a_proxy_from_a_node_that_is_known_by_name()
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("danted", wantsPassword: false);
        DhtNode node = Own(await DhtNode.StartAsync(
            new DhtNodeOptions { BindAddress = IPAddress.Loopback, Dht = new DhtOptions { Bootstrap = [] } }, Token));
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        SessionOptions near = Options("seed") with
        {
            BindAddress = IPAddress.Loopback,
            Dht = new DhtOptions { Bootstrap = [node.EndPoints[0].ToString()] },
        };
        sample.WriteTo(_folder["seed"]);
        Session seed = Own(await Session.StartAsync(near, Token));
        Torrent seeding = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => seeding.Dht is { LastSearch: not null });
        Session leech = Own(await Session.StartAsync(
            Options("leech") with
            {
                Proxy = proxy.Options(ProxyKind.Socks5),
                Dht = new DhtOptions { Bootstrap = [$"localhost:{node.EndPoints[0].Port}"], AllowLocalNodes = true },
            },
            Token));
        Torrent torrent = await leech.AddAsync(TorrentSource.InfoHash(sample.Metainfo.SwarmHash), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Bound, Token);
        sample.AssertIn(_folder["leech"]);
        await Patience.Until(() => leech.Status.Dht!.Nodes > 0);
    }

    [Fact]
    public async Task A_proxy_that_does_not_relay_udp_is_reported_and_peers_are_reached_over_tcp()
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("microsocks", wantsPassword: false);
        await using TrackerServer tracker = await StartTrackerAsync();
        SampleData sample = SampleData.Make(16 * 1024, $"udp://127.0.0.1:{tracker.UdpEndPoints[0].Port}/announce", 300_000);
        (Session seed, _) = await SeedAsync(sample);
        Session leech = await StartAsync("leech", proxy.Options(ProxyKind.Socks5), UtpMode.On);
        IAsyncEnumerable<SessionEvent> events = leech.ReadEventsAsync(Token);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Bound, Token);
        await foreach (SessionEvent happened in events)
        {
            if (happened is not SessionEvent.AnnounceFailed failed)
                continue;
            Assert.Contains("relays no UDP", failed.Reason);
            break;
        }

        Assert.Equal(0, tracker.Statistics.Announces);
    }

    [Fact]
    public async Task Traffic_that_the_proxy_is_not_for_goes_directly()
    {
        using ScriptedProxy proxy = new();
        await using TrackerServer tracker = await StartTrackerAsync();
        SampleData sample = SampleData.Make(16 * 1024, $"udp://127.0.0.1:{tracker.UdpEndPoints[0].Port}/announce", 300_000);
        (Session seed, _) = await SeedAsync(sample);
        Session leech = await StartAsync("leech", proxy.Options with { Uses = ProxyUses.Peers }, UtpMode.Off);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Bound, Token);
        await Patience.Until(() => tracker.Statistics.Announces > 0);
        Assert.Equal([seed.ListenEndPoints[0].ToString()], proxy.Asked.Distinct());
        Assert.Empty(leech.ListenEndPoints);

        Session other = await StartAsync("other", proxy.Options with { Uses = ProxyUses.Trackers }, UtpMode.Off);
        Assert.NotEmpty(other.ListenEndPoints);
    }

    [Fact]
    public async Task A_scrape_and_an_announce_by_hand_go_through_a_proxy()
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("danted", wantsPassword: false);
        await using TrackerServer tracker = await StartTrackerAsync();
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        NetworkAccess access = new() { Proxy = proxy.Options(ProxyKind.Socks5) };
        using TrackerClient client = new(access, TrackerSource.User);
        string url = $"udp://localhost:{tracker.UdpEndPoints[0].Port}/announce";
        TrackerAnnounce announce = new() { Tracker = url, InfoHash = sample.Metainfo.SwarmHash, Port = 6881, Left = 1 };
        TrackerAnnounceResult announced = await client.AnnounceAsync(announce, Token).WaitAsync(Bound, Token);
        Assert.True(announced.Succeeded, announced.Error);
        TrackerScrapeResult scraped = await client.ScrapeAsync(url, [sample.Metainfo.SwarmHash], Token).WaitAsync(Bound, Token);
        Assert.Equal(1, scraped.Swarms[sample.Metainfo.SwarmHash].Leechers);
    }

    private static Task<TrackerServer> StartTrackerAsync() => TrackerServer.StartAsync(
        new TrackerOptions { HttpEndPoints = [], UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, cancellationToken: Token);

    private async Task<(Session Session, Torrent Torrent)> SeedAsync(SampleData sample, bool usesTrackers = false)
    {
        sample.WriteTo(_folder["seed"]);
        Session seed = Own(await Session.StartAsync(Options("seed") with { BindAddress = IPAddress.Loopback }, Token));
        Torrent torrent = await seed.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { UseTrackers = usesTrackers }, Token);
        await torrent.Completion.WaitAsync(Bound, Token);
        return (seed, torrent);
    }

    private async Task<Session> StartAsync(string folder, ProxyOptions proxy, UtpMode utp) =>
        Own(await Session.StartAsync(Options(folder) with { Proxy = proxy, Utp = utp }, Token));

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }

    private SessionOptions Options(string folder) => new() { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0 };
}
