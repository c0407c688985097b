using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Connections;
using Freshet.Tracker;

namespace Freshet.Tests.Discovery;

/// <summary>BEP 34: trackers are asked where their hosts say in DNS that they are.</summary>
public sealed class DnsPreferencesTests : IAsyncDisposable
{
    private readonly List<UdpMux> _muxes = [];
    private readonly List<TrackerService> _services = [];
    private readonly ConcurrentQueue<string> _lookedUp = new();
    private string[] _texts = [];
    private SocketError _failure;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _services.ForEach(static service => service.Dispose());
        foreach (UdpMux mux in _muxes)
            await mux.DisposeAsync().AsTask().Bounded();
    }

    [Fact]
    public async Task A_tracker_that_has_moved_to_UDP_is_asked_there()
    {
        await using TrackerServer server = await ServeAsync();
        _texts = ["v=spf1 -all", $"BITTORRENT UDP:{server.UdpAnnounceUrl!.Port} TCP:80"];
        const string Url = "http://tracker.test:9/announce";
        HashSet<InfoHash> scraped = [SampleAnnounce.Request.InfoHash];
        TrackerService service = NewService();
        Assert.NotNull((await service.AnnounceAsync(Url, SampleAnnounce.Request, Token).Bounded()).Answer);
        Assert.NotNull((await service.ScrapeAsync(Url, scraped, Token).Bounded()).Answer);
        Assert.Equal((1, 1), (server.Statistics.UdpAnnounces, server.Statistics.UdpScrapes));
        Assert.Equal(["tracker.test"], _lookedUp);
    }

    [Fact]
    public async Task The_next_place_is_asked_if_the_first_cannot_be_reached()
    {
        await using TrackerServer server = await ServeAsync();
        _texts = [$"BITTORRENT TCP:1 TCP:{server.AnnounceUrl!.Port} UDP:{server.UdpAnnounceUrl!.Port}"];
        Assert.NotNull((await NewService().AnnounceAsync("udp://tracker.test:9", SampleAnnounce.Request, Token).Bounded()).Answer);
        Assert.Equal((1, 0), (server.Statistics.Announces, server.Statistics.UdpAnnounces));
    }

    [Theory]
    [InlineData("http://tracker.test:{0}/announce")]
    [InlineData("udp://tracker.test:{1}/announce")]
    public async Task A_host_that_says_it_has_no_tracker_is_not_asked(string url)
    {
        await using TrackerServer server = await ServeAsync();
        _texts = ["BITTORRENT DENY ALL"];
        TrackerOutcome<AnnounceResponse> outcome =
            await NewService().AnnounceAsync(UrlOf(url, server), SampleAnnounce.Request, Token).Bounded();
        Assert.Equal("tracker.test says in DNS (BEP 34) that it has no tracker here, so it is not asked", outcome.Failure);
        Assert.Equal((TrackerFault.Failed, 0, 0), (outcome.Fault, server.Statistics.Announces, server.Statistics.UdpConnects));
    }

    [Theory]
    [InlineData(SocketError.Success)]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.HostNotFound)]
    public async Task A_host_that_says_nothing_or_cannot_be_looked_up_leaves_the_tracker_at_its_URL(SocketError failure)
    {
        await using TrackerServer server = await ServeAsync();
        (_texts, _failure) = (["v=spf1 -all"], failure);
        TrackerService service = NewService();
        for (int i = 0; i < 3; i++)
        {
            Assert.NotNull((await service.AnnounceAsync(
                UrlOf("http://tracker.test:{0}/announce", server), SampleAnnounce.Request, Token).Bounded()).Answer);
        }

        Assert.Single(_lookedUp);
    }

    [Theory]
    [InlineData(SocketError.Success, 59, 2)]
    [InlineData(SocketError.TryAgain, 9, 2)]
    public async Task A_hosts_preferences_count_for_an_hour_and_a_failure_for_ten_minutes(SocketError failure, int minutes, int more)
    {
        (_texts, _failure) = (["BITTORRENT DENY ALL"], failure);
        VirtualTime time = new();
        DnsPreferences preferences = new(Texts(), time);
        await preferences.PlacesOfAsync("http://tracker.example/announce", AnnounceFamily.Any, Token);
        time.Advance(TimeSpan.FromMinutes(minutes));
        await preferences.PlacesOfAsync("udp://TRACKER.example.:1", AnnounceFamily.Any, Token);
        Assert.Single(_lookedUp);

        // Then it is asked again, and no announce waits for that.
        time.Advance(TimeSpan.FromMinutes(more));
        (_texts, _failure) = (["BITTORRENT TCP:81"], SocketError.Success);
        IReadOnlyList<string> stale = await preferences.PlacesOfAsync("http://tracker.example/announce", AnnounceFamily.Any, Token);
        Assert.Equal(failure == SocketError.Success ? [] : ["http://tracker.example/announce"], stale);
        using CancellationTokenSource bound = new(Patience.Bound);
        while (await preferences.PlacesOfAsync("http://tracker.example/announce", AnnounceFamily.Any, bound.Token)
            is not ["http://tracker.example:81/announce"])
            await Task.Delay(5, bound.Token);
        Assert.Equal(2, _lookedUp.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1/announce")]
    [InlineData("http://[::1]:80/announce")]
    [InlineData("udp://localhost:80")]
    [InlineData("udp://any.localhost:80")]
    [InlineData("udp://printer.local:80")]
    [InlineData("http://abcdef.onion/announce")]
    [InlineData("http://tracker.i2p/announce")]
    [InlineData("http://tracker.alt/announce")]
    [InlineData("http://nas.internal/announce")]
    [InlineData("http://nas.home.arpa./announce")]
    [InlineData("http://TRACKER.TEST/announce")]
    public async Task Names_that_name_servers_must_not_learn_are_not_looked_up(string url)
    {
        _texts = ["BITTORRENT DENY ALL"];
        Assert.Equal([url], await new DnsPreferences(Texts(), TimeProvider.System).PlacesOfAsync(url, AnnounceFamily.Any, Token));
        Assert.Empty(_lookedUp);
    }

    /// <summary>Otherwise each announce would wait for it again, and the last one has no time to.</summary>
    [Fact]
    public async Task A_place_that_is_dead_is_not_asked_again_as_long_as_another_answers()
    {
        int port;
        await using (TrackerServer dead = await ServeAsync())
            port = dead.AnnounceUrl!.Port;
        await using TrackerServer second = await ServeAsync();
        _texts = [$"BITTORRENT TCP:{port} TCP:{second.AnnounceUrl!.Port}"];
        const string Url = "http://tracker.test:9/announce";
        TrackerService service = NewService();
        Assert.NotNull((await service.AnnounceAsync(Url, SampleAnnounce.Request, Token).Bounded()).Answer);

        // It would be seen if it were asked.
        await using TrackerServer first = await ServeAsync(port);
        for (int i = 0; i < 3; i++)
            Assert.NotNull((await service.AnnounceAsync(Url, SampleAnnounce.Request, Token).Bounded()).Answer);
        Assert.Equal((0, 4), (first.Statistics.Announces, second.Statistics.Announces));
    }

    [Fact]
    public async Task The_place_that_answered_last_comes_first_until_the_host_says_something_else()
    {
        const string Url = "http://tracker.example/announce?key=1";
        string[] asPreferred = ["udp://tracker.example:1/announce?key=1", "http://tracker.example:2/announce?key=1"];
        _texts = ["BITTORRENT UDP:1 TCP:2"];
        VirtualTime time = new();
        DnsPreferences preferences = new(Texts(), time);
        Assert.Equal(asPreferred, await preferences.PlacesOfAsync(Url, AnnounceFamily.IPv4, Token));
        preferences.OnAnswer(Url, AnnounceFamily.IPv4, asPreferred[1]);
        Assert.Equal(asPreferred.Reverse(), await preferences.PlacesOfAsync(Url, AnnounceFamily.IPv4, Token));

        // Another family may well reach it, and so may who asks elsewhere on that host; another torrent's announce may not.
        Assert.Equal(asPreferred, await preferences.PlacesOfAsync(Url, AnnounceFamily.IPv6, Token));
        Assert.StartsWith("udp:", (await preferences.PlacesOfAsync("udp://tracker.example:3/", AnnounceFamily.IPv4, Token))[0]);
        Assert.StartsWith("http:", (await preferences.PlacesOfAsync("http://tracker.example/?key=2", AnnounceFamily.IPv4, Token))[0]);

        // The same again changes nothing.
        await HearAgainAsync(preferences, time, Url);
        Assert.Equal(asPreferred.Reverse(), await preferences.PlacesOfAsync(Url, AnnounceFamily.IPv4, Token));
        _texts = ["BITTORRENT UDP:1 TCP:2 TCP:3"];
        await HearAgainAsync(preferences, time, Url);
        await Patience.Until(() => preferences.PlacesOfAsync(Url, AnnounceFamily.IPv4, Token).Result is [['u', ..], _, _]);
    }

    [Fact]
    public async Task Whatever_a_lookup_throws_the_announce_goes_on_and_it_is_reported()
    {
        await using TrackerServer server = await ServeAsync();
        InvalidOperationException thrown = new("nobody foresaw this");
        NetworkBinding binding = Binding(new NameLookups<string[]>(_ => throw thrown));
        ConcurrentQueue<Exception> faults = new();
        using TrackerService service = new(new HttpRequesterOptions { Binding = binding })
        {
            IsOutsideDns = static _ => false,
            OnFault = fault =>
            {
                faults.Enqueue(fault);
                throw new InvalidOperationException("and the log has failed, too");
            },
        };
        for (int i = 0; i < 2; i++)
        {
            Assert.NotNull((await service.AnnounceAsync(
                UrlOf("http://tracker.test:{0}/announce", server), SampleAnnounce.Request, Token).Bounded()).Answer);
        }

        Assert.Same(thrown, Assert.Single(faults));
    }

    [Fact]
    public async Task A_silent_name_server_delays_an_announce_by_only_three_seconds()
    {
        using ManualResetEventSlim end = new();
        NameLookups<string[]> silent = new(_ =>
        {
            end.Wait();
            return ["BITTORRENT DENY ALL"];
        });
        try
        {
            VirtualTime time = new();
            Task<IReadOnlyList<string>> places =
                new DnsPreferences(silent, time).PlacesOfAsync("http://tracker.example/", AnnounceFamily.Any, Token);
            time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
            Assert.False(places.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(["http://tracker.example/"], await places.Bounded());
        }
        finally
        {
            end.Set();
        }
    }

    /// <summary>What the user types is asked as it is; behind a proxy, and if the option is off, nothing is looked up.</summary>
    [Theory]
    [InlineData("user")]
    [InlineData("off")]
    [InlineData("proxy")]
    public async Task Preferences_are_not_looked_up_for(string whom)
    {
        await using TrackerServer server = await ServeAsync();
        _texts = ["BITTORRENT DENY ALL"];
        HttpRequesterOptions options = new() { Binding = Binding(), ReadsPreferences = whom != "off" };
        if (whom == "proxy")
        {
            ProxyOptions proxy = new() { Kind = ProxyKind.Http, Host = "127.0.0.1", Port = 1 };
            options = HttpRequesterOptions.For(new NetworkWays(Binding(), proxy), ProxyUses.Trackers);
        }

        TrackerService service = new(options, source: whom == "user" ? TrackerSource.User : TrackerSource.Torrent)
        {
            IsOutsideDns = static _ => false,
        };
        _services.Add(service);
        TrackerOutcome<AnnounceResponse> outcome = await service.AnnounceAsync(
            UrlOf("http://tracker.test:{0}/announce", server), SampleAnnounce.Request, Token).Bounded();
        Assert.Equal(whom != "proxy", outcome.HasAnswer);
        Assert.Empty(_lookedUp);
    }

    private static string UrlOf(string form, TrackerServer server) => form
        .Replace("{0}", $"{server.AnnounceUrl!.Port}", StringComparison.Ordinal)
        .Replace("{1}", $"{server.UdpAnnounceUrl!.Port}", StringComparison.Ordinal);

    // The hour is over: the next announce has it looked up again.
    private async Task HearAgainAsync(DnsPreferences preferences, VirtualTime time, string url)
    {
        int before = _lookedUp.Count;
        time.Advance(TrackerLimits.PreferencesLifetime);
        await preferences.PlacesOfAsync(url, AnnounceFamily.IPv4, Token);
        await Patience.Until(() => _lookedUp.Count > before);
    }

    private static Task<TrackerServer> ServeAsync(int port = 0) => TrackerServer.StartAsync(
        new TrackerOptions
        {
            HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
        },
        cancellationToken: Token);

    private NameLookups<string[]> Texts() => new(host =>
    {
        _lookedUp.Enqueue(host);
        return _failure == SocketError.Success ? _texts : throw new SocketException((int)_failure);
    });

    // A tracker with a public name is not looked for on this machine, so the services are told that .test is asked of name servers.
    private NetworkBinding Binding(NameLookups<string[]>? texts = null) =>
        new() { Names = new NameResolver(static _ => [IPAddress.Loopback]), Texts = texts ?? Texts() };

    private TrackerService NewService()
    {
        NetworkBinding binding = Binding();
        UdpMux mux = new(new UdpMuxOptions { Binding = binding });
        _muxes.Add(mux);
        TrackerService service = new(new HttpRequesterOptions { Binding = binding }, () => mux) { IsOutsideDns = static _ => false };
        _services.Add(service);
        return service;
    }
}
