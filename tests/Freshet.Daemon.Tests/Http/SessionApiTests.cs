using System.Net;
using System.Text.Json.Nodes;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Daemon.Tests.Http;

public class SessionApiTests
{
    [Fact]
    public async Task Settings_are_changed_at_once_and_kept_for_the_next_start()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        await using (DaemonServer first = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            await ChangeAsync(first, """{"maxDownloadRate": 500000, "maxConnections": 77}""");
            Assert.Equal(new DataRate(500_000), first.Session.Options.MaxDownloadRate);
            Assert.Null(first.Session.Options.MaxUploadRate);
            await ChangeAsync(first, """{"alternativeLimits": true}""");
            Assert.Equal(DataRate.FromMiB(1), first.Session.Options.MaxDownloadRate);
        }

        await using DaemonServer second = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(77, second.Session.Options.MaxConnections);
        Assert.Equal(DataRate.FromMiB(1), second.Session.Options.MaxDownloadRate);
        await ChangeAsync(second, """{"alternativeLimits": false}""");
        Assert.Equal(new DataRate(500_000), second.Session.Options.MaxDownloadRate);
    }

    [Fact]
    public async Task Settings_that_need_a_restart_say_so_and_apply_after_it()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        await using (DaemonServer first = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            JsonNode changed = await ChangeAsync(first, """{"utp": "off", "encryption": "required", "dht": true, "maxConnections": 90}""");
            Assert.Equal(["dht", "utp", "encryption"], changed["awaitingRestart"]!.AsArray().Select(name => (string?)name));
            Assert.Equal(UtpMode.On, first.Session.Options.Utp);
            Assert.Equal(90, first.Session.Options.MaxConnections);
            changed = await ChangeAsync(first, """{"dht": false}""");
            Assert.Equal(["utp", "encryption"], changed["awaitingRestart"]!.AsArray().Select(name => (string?)name));
            await ChangeAsync(first, """{"dht": true}""");
        }

        await using DaemonServer second = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(UtpMode.Off, second.Session.Options.Utp);
        Assert.NotNull(second.Session.Options.Dht);
        Assert.Equal(EncryptionPolicy.Required, second.Session.Options.Encryption.Incoming);
        Assert.Equal(EncryptedPayload.Rc4Required, second.Session.Options.Encryption.Payload);
        Assert.Empty((await ChangeAsync(second, "{}"))["awaitingRestart"]!.AsArray());
    }

    [Fact]
    public async Task All_invalid_settings_are_reported_at_once_and_nothing_is_changed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode problem = await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings",
            """
            {
              "maxConnections": 1, "maxUploadRate": 5, "checkpointInterval": 0, "maxDownloadRate": 5000, "listenPort": 65536,
              "bind": "a/b"
            }
            """,
            HttpStatusCode.BadRequest, "invalid-value");
        Assert.Equal(["bind", "checkpointInterval", "listenPort", "maxConnections", "maxUploadRate"],
            problem["errors"]!.AsObject().Select(error => error.Key).Order());
        Assert.Equal(0, (long?)(await daemon.GetAsync("/api/v1/session/settings"))["maxDownloadRate"]);
        Assert.False(File.Exists(daemon["state/daemon/settings.json"]));
    }

    [Fact]
    public async Task The_password_of_a_proxy_is_kept_with_its_host_and_a_change_of_it_waits_for_a_restart()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await ChangeAsync(daemon.Server, """{"proxy": "socks5://me:p%40ss@127.0.0.1:1080"}""");
        JsonNode shown = await ChangeAsync(daemon.Server, """{"proxy": "socks5://127.0.0.1:9999"}""");
        Assert.Equal("socks5://127.0.0.1:9999", (string?)shown["proxy"]);
        Assert.Contains("socks5://me:p%40ss@127.0.0.1:9999", Kept(), StringComparison.Ordinal);
        await ChangeAsync(daemon.Server, """{"proxy": "socks5://127.0.0.2:9999"}""");
        Assert.DoesNotContain("p%40ss", Kept(), StringComparison.Ordinal);

        string Kept() => File.ReadAllText(daemon["state/daemon/settings.json"]);
    }

    [Fact]
    public async Task A_new_password_of_a_proxy_alone_waits_for_a_restart()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) =>
        {
            Assert.True(ProxyOptions.TryParse("socks5://me:old@127.0.0.1:1080", out ProxyOptions? proxy, out string? mistake), mistake);
            return options with { Session = options.Session with { Proxy = proxy } };
        });
        JsonNode same = await ChangeAsync(daemon.Server, """{"proxy": "socks5://127.0.0.1:1080"}""");
        Assert.Empty(same["awaitingRestart"]!.AsArray());
        JsonNode changed = await ChangeAsync(daemon.Server, """{"proxy": "socks5://me:new@127.0.0.1:1080"}""");
        Assert.Equal("""["proxy"]""", changed["awaitingRestart"]!.ToJsonString());
    }

    [Fact]
    public async Task The_log_shows_what_happened_to_all_and_to_one()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string first = await daemon.AddAsync(new SampleTorrent("one", seed: 1));
        await daemon.AddAsync(new SampleTorrent("two", seed: 2));
        await Patience.Until(() => EntriesOf("/api/v1/log").Count(entry => (string?)entry!["event"] == "torrent-added") == 2);
        Assert.All(EntriesOf($"/api/v1/torrents/{first}/log"), entry => Assert.Equal(first, (string?)entry!["hash"]));
        JsonNode page = await daemon.GetAsync("/api/v1/log?after=0&limit=1");
        Assert.Single(page["entries"]!.AsArray());
        Assert.NotEqual(
            (long?)page["entries"]![0]!["id"],
            (long?)(await daemon.GetAsync($"/api/v1/log?after={page["next"]}&limit=1"))["entries"]![0]!["id"]);

        JsonArray EntriesOf(string path) => daemon.GetAsync(path).GetAwaiter().GetResult()["entries"]!.AsArray();
    }

    [Fact]
    public async Task Session_statistics_history_and_folders_are_reported()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Directory.CreateDirectory(daemon["data/films"]);
        JsonNode folder = await daemon.GetAsync("/api/v1/folders");
        Assert.Equal("""["films"]""", folder["folders"]!.ToJsonString());
        Assert.True((long?)folder["freeSpace"] > 0);
        JsonNode session = await daemon.GetAsync("/api/v1/session");
        Assert.Equal(daemon.Data, (string?)session["downloadFolder"]);
        Assert.True((int?)session["listenPort"] > 0);
        Assert.True((long?)(await daemon.GetAsync("/api/v1/session/statistics"))["memory"] > 0);
        await Patience.Until(() =>
            daemon.GetAsync("/api/v1/session/history").GetAwaiter().GetResult()["downloadRates"]!.AsArray().Count > 0);
        using HttpResponseMessage health = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task What_a_removed_torrent_has_transferred_still_counts_since_the_start()
    {
        await using TestDaemon seed = await TestDaemon.StartAsync();
        await using TestDaemon leech = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(seed.Data);
        string hash = await seed.AddAsync(sample);
        (await seed.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        string address = (string)(await seed.GetAsync("/api/v1/session"))["listenEndPoints"]![0]!;
        await leech.AddAsync(sample, $$""", "peers": ["{{address}}"]""");
        (await leech.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        await leech.Server.Session.Torrents[0].Completion.WaitAsync(Patience.Bound, TestContext.Current.CancellationToken);
        await Patience.Until(() => leech.Server.Session.Torrents[0].Status.Downloaded.Bytes >= 50_000);
        (await leech.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{hash}")).Dispose();
        Assert.Empty(leech.Server.Session.Torrents);
        JsonNode statistics = await leech.GetAsync("/api/v1/session/statistics");
        Assert.InRange((long)statistics["downloaded"]!, 50_000, 100_000);
        Assert.Equal(0, (long)statistics["totalDownloaded"]!);
        await leech.AddAsync(sample);
        Assert.InRange((long)(await leech.GetAsync("/api/v1/session/statistics"))["downloaded"]!, 50_000, 100_000);
    }

    [Fact]
    public async Task A_stop_is_bounded_while_clients_listen_and_the_state_folder_is_free_afterwards()
    {
        TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage listening = await daemon.SendAsync(HttpMethod.Get, "/api/v1/events");
        Assert.Equal(HttpStatusCode.OK, listening.StatusCode);
        string address = daemon["state/daemon/address"];
        Assert.Equal(daemon.Server.Urls[0].ToString(), File.ReadAllText(address).Trim());
        await daemon.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(File.Exists(address));
        await daemon.DisposeAsync();
    }

    private static async Task<JsonNode> ChangeAsync(DaemonServer server, string change)
    {
        using HttpClient client = new() { BaseAddress = server.Urls[0] };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        using HttpResponseMessage answer = await TestDaemon.SendAsync(client, HttpMethod.Patch, "/api/v1/session/settings", change);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
