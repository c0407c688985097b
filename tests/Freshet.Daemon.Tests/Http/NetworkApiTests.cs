using System.Net;
using System.Text.Json.Nodes;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Proxies;
using Freshet.Daemon.Tests.Countries;

namespace Freshet.Daemon.Tests.Http;

/// <summary>What the API sets and shows about the network.</summary>
public class NetworkApiTests
{
    [Fact]
    public async Task The_password_of_a_proxy_is_kept_and_never_shown()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        await using (DaemonServer first = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            JsonNode changed = await ChangeAsync(first, """{"proxy": "socks5://me:secret@127.0.0.1:9050"}""");
            Assert.Equal("socks5://127.0.0.1:9050", (string?)changed["proxy"]);
            Assert.Equal(["proxy"], changed["awaitingRestart"]!.AsArray().Select(name => (string?)name));
            Assert.Null(first.Session.Options.Proxy);
            await ChangeAsync(first, """{"maxConnections": 99}""");
        }

        await using (DaemonServer second = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            ProxyOptions proxy = second.Session.Options.Proxy!;
            Assert.Equal(("me", "secret", 9050), (proxy.UserName, proxy.Password, proxy.Port));
            using HttpClient client = ClientOf(second);
            string session = await client.GetStringAsync("/api/v1/session", TestContext.Current.CancellationToken);
            Assert.Equal("socks5://127.0.0.1:9050", (string?)JsonNode.Parse(session)!["network"]!["proxy"]);
            Assert.DoesNotContain("secret", session, StringComparison.Ordinal);
            using HttpResponseMessage fetch = await TestDaemon.SendAsync(
                client, HttpMethod.Post, "/api/v1/torrents", """{"source": "http://192.0.2.1/x.torrent"}""");

            // Nobody is at the proxy's port, and nothing bypasses it.
            await TestDaemon.ProblemOfAsync(fetch, HttpStatusCode.BadGateway, "fetch-failed");
            await ChangeAsync(second, """{"proxy": ""}""");
        }

        await using DaemonServer third = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        Assert.Null(third.Session.Options.Proxy);
    }

    [Fact]
    public async Task What_goes_through_the_proxy_is_chosen_and_survives_other_changes()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        Assert.True(ProxyOptions.TryParse("socks5://me:secret@127.0.0.1:9050", out ProxyOptions? proxy, out string? mistake), mistake);
        options = options with
        {
            Session = options.Session with { Proxy = proxy with { Uses = ProxyUses.Trackers | ProxyUses.Dht }, Dht = null },
        };
        await using (DaemonServer first = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            // What the configuration says is shown, and what is changed beside it leaves it as it is.
            JsonNode changed = await ChangeAsync(first, """{"maxConnections": 99, "proxy": "socks5://127.0.0.1:9051"}""");
            Assert.Equal("""["trackers","dht"]""", changed["proxyFor"]!.ToJsonString());
            Assert.Equal("""["proxy"]""", changed["awaitingRestart"]!.ToJsonString());
        }

        await using (DaemonServer second = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            ProxyOptions started = second.Session.Options.Proxy!;
            Assert.Equal((9051, ProxyUses.Trackers | ProxyUses.Dht), (started.Port, started.Uses));
            JsonNode changed = await ChangeAsync(second, """{"proxyFor": ["webseeds", "peers", "peers"]}""");
            Assert.Equal("""["peers","webseeds"]""", changed["proxyFor"]!.ToJsonString());
            Assert.Equal("""["proxyFor"]""", changed["awaitingRestart"]!.ToJsonString());
            await ChangeAsync(second, """{"maxConnections": 98}""");
        }

        await using DaemonServer third = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        ProxyOptions last = third.Session.Options.Proxy!;
        Assert.Equal(("me", 9051, ProxyUses.Peers | ProxyUses.WebSeeds), (last.UserName, last.Port, last.Uses));
        JsonNode without = await ChangeAsync(third, """{"proxy": "", "proxyFor": ["dht"]}""");
        Assert.Equal("""["proxy"]""", without["awaitingRestart"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"proxyFor": []}""")]
    [InlineData("""{"proxyFor": ["mail"]}""")]
    public async Task A_proxy_is_for_something_that_exists(string change)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Patch, "/api/v1/session/settings", change);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(4, (await daemon.GetAsync("/api/v1/session/settings"))["proxyFor"]!.AsArray().Count);
    }

    [Fact]
    public async Task Contradictory_settings_are_refused_at_once_and_not_at_the_next_start()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings", """{"proxy": "http://127.0.0.1:1", "utp": "only"}""",
            HttpStatusCode.BadRequest, "invalid-value");
        JsonNode settings = await daemon.GetAsync("/api/v1/session/settings");
        Assert.Equal(("", "on"), ((string?)settings["proxy"], (string?)settings["utp"]));
        JsonNode problem = await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings", """{"proxy": "ftp://me:secret@x"}""",
            HttpStatusCode.BadRequest, "invalid-value");
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_the_schedule_apply_in_its_hours_unless_the_alternative_ones_do()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Always = """
            {
              "maxDownloadRate": 9000,
              "schedule": [{
                "days": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
                "from": "00:00", "to": "24:00", "maxDownloadRate": 5000, "maxUploadRate": 0
              }]
            }
            """;
        await ChangeAsync(daemon.Server, Always);
        ScheduledLimits scheduled = Assert.Single(daemon.Server.Session.Options.Schedule);
        Assert.Equal((127, new DataRate(5_000)), (scheduled.Window.Days, scheduled.MaxDownloadRate));
        await StatusAsync(daemon, status =>
            (bool)status["scheduledLimits"]! && (long?)status["maxDownloadRate"] == 5_000 && (long?)status["maxUploadRate"] == 0);
        await ChangeAsync(daemon.Server, """{"alternativeLimits": true}""");
        Assert.Empty(daemon.Server.Session.Options.Schedule);
        await StatusAsync(daemon, status => !(bool)status["scheduledLimits"]! && (long?)status["maxDownloadRate"] == 1 << 20);
        await ChangeAsync(daemon.Server, """{"alternativeLimits": false, "schedule": []}""");
        await StatusAsync(daemon, status => (long?)status["maxDownloadRate"] == 9_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "maxUploadRate": null""")]
    public async Task What_the_schedule_does_not_limit_keeps_its_usual_limit(string upload)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string always = $$"""
            {
              "maxDownloadRate": 9000, "maxUploadRate": 7000,
              "schedule": [{
                "days": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], "from": "00:00", "to": "24:00", "maxDownloadRate": 0{{upload}}
              }]
            }
            """;
        await ChangeAsync(daemon.Server, always);
        await StatusAsync(daemon, status =>
            (bool)status["scheduledLimits"]! && (long?)status["maxDownloadRate"] == 0 && (long?)status["maxUploadRate"] == 7_000);
        JsonNode entry = (await daemon.GetAsync("/api/v1/session/settings"))["schedule"]![0]!;
        Assert.Equal((0, null), ((long?)entry["maxDownloadRate"], (long?)entry["maxUploadRate"]));
        ScheduledLimits scheduled = Assert.Single(daemon.Server.Session.Options.Schedule);
        Assert.Equal((default(DataRate), null), (scheduled.MaxDownloadRate, scheduled.MaxUploadRate));
        await ChangeAsync(daemon.Server, """{"maxUploadRate": 8000}""");
        await StatusAsync(daemon, status => (bool)status["scheduledLimits"]! && (long?)status["maxUploadRate"] == 8_000);
    }

    [Theory]
    [InlineData("""{"days": [], "from": "08:00", "to": "18:00", "maxDownloadRate": 0, "maxUploadRate": 0}""")]
    [InlineData("""{"days": ["mon"], "from": "8", "to": "18:00", "maxDownloadRate": 0, "maxUploadRate": 0}""")]
    [InlineData("""{"days": ["mon"], "from": "08:00", "to": "25:00", "maxDownloadRate": 0, "maxUploadRate": 0}""")]
    [InlineData("""{"days": ["mon"], "from": "08:00", "to": "18:00", "maxDownloadRate": 10, "maxUploadRate": 0}""")]
    public async Task An_invalid_schedule_is_refused(string entry)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode problem = await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings", $$"""{"schedule": [{{entry}}]}""",
            HttpStatusCode.BadRequest, "invalid-value");
        Assert.NotNull(problem["errors"]!["schedule"]);
    }

    [Fact]
    public async Task A_blocklist_is_read_counted_and_read_again_when_it_changes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        File.WriteAllText(daemon["data/blocked.txt"], "192.0.2.0/24\n198.51.100.1-198.51.100.9\n");
        await ChangeAsync(daemon.Server, """{"blocklist": "blocked.txt"}""");
        await BlockedAsync(daemon, 2);
        File.WriteAllText(daemon["data/blocked.txt"], "192.0.2.0/24\n198.51.100.1-198.51.100.9\n203.0.113.1\n");
        await BlockedAsync(daemon, 3);
        await ChangeAsync(daemon.Server, """{"blocklist": ""}""");
        await BlockedAsync(daemon, null);
        foreach (string path in (string[])["/etc/passwd", "missing.txt"])
        {
            await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings", $$"""{"blocklist": "{{path}}"}""",
                HttpStatusCode.BadRequest, "invalid-value");
        }
    }

    [Fact]
    public async Task Peers_have_the_countries_of_the_users_database()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) =>
        {
            File.WriteAllBytes(folder["countries.mmdb"], new MaxMindFile().Add("127.0.0.0/8", "ZZ").Build());
            return options with { GeoIp = folder["countries.mmdb"] };
        });
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        using HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start");
        await using Session leech = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = daemon["leech"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
            MaxDownloadRate = new DataRate(1024),
        }, TestContext.Current.CancellationToken);
        IPEndPoint seed = new(IPAddress.Loopback, daemon.Server.Session.Status.ListenPort);
        await leech.AddAsync(
            TorrentSource.Bytes(sample.Bytes), new TorrentOptions { Peers = [seed] }, TestContext.Current.CancellationToken);
        JsonNode? peer = null;
        await Patience.Until(() => (peer = daemon.GetAsync($"/api/v1/torrents/{hash}/peers").GetAwaiter().GetResult()["peers"]!
            .AsArray().FirstOrDefault()) is not null);
        Assert.Equal("ZZ", (string?)peer!["country"]);
        Assert.Equal("none", (string?)peer["encryption"]);
    }

    [Fact]
    public async Task An_invalid_database_of_countries_ends_the_start_in_words()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder) with { GeoIp = folder.Write("x.mmdb", "no database"u8) };
        FreshetException e = await Assert.ThrowsAsync<FreshetException>(
            () => DaemonServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains("no metadata", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_of_the_network_is_reported_in_words()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode network = (await daemon.GetAsync("/api/v1/session"))["network"]!;
        Assert.NotEmpty((string)network["reason"]!);
        Assert.Null(network["portMapping"]);
        Assert.Null(network["proxy"]);
        Assert.Null(network["blockedRanges"]);
    }

    private static Task StatusAsync(TestDaemon daemon, Func<JsonNode, bool> isSo) =>
        Patience.Until(() => isSo(daemon.GetAsync("/api/v1/session").GetAwaiter().GetResult()["status"]!));

    private static Task BlockedAsync(TestDaemon daemon, int? ranges) => Patience.Until(() =>
        (int?)daemon.GetAsync("/api/v1/session").GetAwaiter().GetResult()["network"]!["blockedRanges"] == ranges);

    private static async Task<JsonNode> ChangeAsync(DaemonServer server, string change)
    {
        using HttpClient client = ClientOf(server);
        using HttpResponseMessage answer = await TestDaemon.SendAsync(client, HttpMethod.Patch, "/api/v1/session/settings", change);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static HttpClient ClientOf(DaemonServer server)
    {
        HttpClient client = new() { BaseAddress = server.Urls[0] };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        return client;
    }
}
