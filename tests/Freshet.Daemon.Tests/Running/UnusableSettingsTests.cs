using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Running;

/// <summary>
/// Settings that were changed, and what a later start finds of them: no setting of the page keeps the daemon from starting.
/// </summary>
public sealed class UnusableSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DaemonOptions _options;

    public UnusableSettingsTests()
    {
        Directory.CreateDirectory(_folder["data"]);
        Directory.CreateDirectory(_folder["other"]);
        _options = TestDaemon.OptionsIn(_folder) with { AllowedFolders = [_folder["data"], _folder["other"]] };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("is not a file", "folder")]
    [InlineData("cannot be used", "half")]
    [InlineData("not a list of addresses", "film")]
    public async Task A_blocklist_that_cannot_be_used_is_refused_when_it_is_chosen(string why, string? kind)
    {
        await using DaemonServer daemon = await DaemonServer.StartAsync(_options, Token);
        string file = _folder["data/list"];
        if (kind is null)
            await File.WriteAllTextAsync(file, "# nobody yet\n", Token);
        else if (kind == "folder")
            Directory.CreateDirectory(file);
        else if (kind == "half")
            await File.WriteAllBytesAsync(file, Gzipped("192.0.2.1\n")[..12], Token);
        else
            await File.WriteAllTextAsync(file, "one\ntwo\n", Token);
        (HttpStatusCode status, string answer) = await ChangeAsync(daemon, new JsonObject { ["blocklist"] = file });
        Assert.Equal(kind is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, status);
        if (kind is not null)
            Assert.Contains(why, (string)JsonNode.Parse(answer)!["errors"]!["blocklist"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_chosen_blocklist_the_daemon_starts_and_blocks_every_address_until_the_list_is_back()
    {
        string file = _folder["data/list"];
        await File.WriteAllTextAsync(file, "192.0.2.1\n192.0.2.3\n192.0.2.5\n", Token);
        await using (DaemonServer first = await DaemonServer.StartAsync(_options, Token))
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(first, new JsonObject { ["blocklist"] = file })).Status);
        File.Delete(file);
        await using DaemonServer second = await DaemonServer.StartAsync(_options, Token);
        string warning = (await WarningsAsync(second)).Single();
        Assert.StartsWith($"The blocklist {file} is not a file. No peer is connected to", warning, StringComparison.Ordinal);
        Assert.Equal(2, second.Session.Status.BlockedRanges);

        // A change of something else does not unblock anything.
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(second, new JsonObject { ["maxConnections"] = 77 })).Status);
        Assert.Equal(2, second.Session.Status.BlockedRanges);
        await File.WriteAllTextAsync(file, "192.0.2.1\n192.0.2.3\n192.0.2.5\n", Token);
        await Patience.Until(() => second.Session.Status.BlockedRanges == 3);
        Assert.Empty(await WarningsAsync(second));
    }

    [Fact]
    public async Task While_every_address_is_blocked_no_peer_is_connected_to()
    {
        string file = _folder["data/list"];
        await File.WriteAllTextAsync(file, "192.0.2.1\n", Token);
        await using (DaemonServer first = await DaemonServer.StartAsync(_options, Token))
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(first, new JsonObject { ["blocklist"] = file })).Status);
        File.Delete(file);
        await using TestDaemon seed = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(seed.Data);
        string hash = await seed.AddAsync(sample);
        (await seed.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        IPEndPoint address = seed.Server.Session.ListenEndPoints[0];
        await using DaemonServer second = await DaemonServer.StartAsync(_options, Token);
        Torrent torrent = await second.Session.AddAsync(TorrentSource.Bytes(sample.Bytes), cancellationToken: Token);
        await Patience.Until(() => torrent.Status.State == Freshet.Core.Torrents.TorrentState.Downloading);
        await torrent.AddPeersAsync([address], Token);
        await seed.Server.Session.Torrents[0].AddPeersAsync([second.Session.ListenEndPoints[0]], Token);
        await Patience.Until(() => torrent.Status.KnownPeers + seed.Server.Session.Torrents[0].Status.KnownPeers > 0);
        Assert.Equal(0, torrent.Status.Peers);
        Assert.Equal(0, torrent.Status.Downloaded.Bytes);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(second, new JsonObject { ["blocklist"] = "" })).Status);
        await Patience.Until(() => second.Session.Status.BlockedRanges is null);
        await torrent.AddPeersAsync([address], Token);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
    }

    [Fact]
    public async Task A_folder_that_is_no_longer_allowed_is_left_out_with_a_warning_and_kept_for_later()
    {
        await using (DaemonServer first = await DaemonServer.StartAsync(_options, Token))
        {
            JsonObject change = new() { ["downloadFolder"] = _folder["other"], ["maxConnections"] = 77 };
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(first, change)).Status);
        }

        DaemonOptions narrow = _options with { AllowedFolders = [_folder["data"]] };
        await using (DaemonServer second = await DaemonServer.StartAsync(narrow, Token))
        {
            string warning = (await WarningsAsync(second)).Single();
            Assert.StartsWith("The setting downloadFolder is not used: it is not in an allowed folder", warning, StringComparison.Ordinal);
            Assert.Equal(_folder["data"], second.Session.Options.DownloadFolder);
            Assert.Equal(77, second.Session.Options.MaxConnections);
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(second, new JsonObject { ["maxConnections"] = 78 })).Status);
        }

        await using DaemonServer third = await DaemonServer.StartAsync(_options, Token);
        Assert.Equal(_folder["other"], third.Session.Options.DownloadFolder);
        Assert.Equal(78, third.Session.Options.MaxConnections);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_when_it_is_chosen_and_left_out_at_a_start()
    {
        int port;
        using (TcpListener other = new(IPAddress.Any, 0))
        {
            other.Start();
            port = ((IPEndPoint)other.LocalEndpoint).Port;
            await using DaemonServer refusing = await DaemonServer.StartAsync(_options, Token);
            (HttpStatusCode status, string answer) = await ChangeAsync(refusing, new JsonObject { ["listenPort"] = port });
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("is taken by another program", (string?)JsonNode.Parse(answer)!["errors"]!["listenPort"]);
        }

        await using (DaemonServer first = await DaemonServer.StartAsync(_options, Token))
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(first, new JsonObject { ["listenPort"] = port })).Status);
        using TcpListener taker = new(IPAddress.Loopback, port);
        taker.Start();
        await using DaemonServer second = await DaemonServer.StartAsync(_options, Token);
        Assert.NotEqual(port, second.Session.ListenEndPoints[0].Port);
        string warning = (await WarningsAsync(second)).Single();
        Assert.StartsWith($"The port {port} from the settings is not used: ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_traffic_on_its_way_is_never_left_out()
    {
        await using (DaemonServer first = await DaemonServer.StartAsync(_options, Token))
            await ChangeAsync(first, new JsonObject { ["maxConnections"] = 77 });
        await File.WriteAllTextAsync(_folder["state/daemon/settings.json"], """{"bind": "no such thing"}""", Token);
        FreshetException e = await Assert.ThrowsAsync<FreshetException>(() => DaemonServer.StartAsync(_options, Token));
        Assert.Contains("no such thing is not an interface", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Gzipped(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream packed = new(bytes, CompressionLevel.Fastest))
            packed.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static async Task<string[]> WarningsAsync(DaemonServer daemon)
    {
        using HttpClient client = ClientOf(daemon);
        JsonNode session = JsonNode.Parse(await client.GetStringAsync("/api/v1/session", Token))!;
        return [.. session["warnings"]!.AsArray().Select(warning => (string)warning!)];
    }

    private static async Task<(HttpStatusCode Status, string Answer)> ChangeAsync(DaemonServer daemon, JsonObject change)
    {
        using HttpClient client = ClientOf(daemon);
        using HttpResponseMessage answer =
            await TestDaemon.SendAsync(client, HttpMethod.Patch, "/api/v1/session/settings", change.ToJsonString());
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static HttpClient ClientOf(DaemonServer daemon)
    {
        HttpClient client = new() { BaseAddress = daemon.Urls[0] };
        client.DefaultRequestHeaders.Authorization = new("Bearer", daemon.Token);
        return client;
    }
}
