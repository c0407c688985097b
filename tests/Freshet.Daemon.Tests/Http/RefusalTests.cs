using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Tests.Http;

/// <summary>Refusals that need a special state.</summary>
public class RefusalTests
{
    [Fact]
    public async Task Files_are_not_moved_onto_others()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        sample.WriteTo(daemon["data/films"]);
        string hash = await daemon.AddAsync(sample);
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""", HttpStatusCode.Conflict, "file-exists");
        Assert.Equal(daemon.Data, daemon.Server.Session.Torrents[0].Folder);
    }

    [Fact]
    public async Task Two_torrents_do_not_write_the_same_files()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Torrent first = await DownloadingAsync(daemon.Server.Session, new SampleTorrent(seed: 1));
        string body = $$"""{"metainfo": "{{Convert.ToBase64String(new SampleTorrent(seed: 2).Bytes)}}"}""";
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", body, HttpStatusCode.Conflict, "path-in-use");
        Assert.Equal([first], daemon.Server.Session.Torrents);
    }

    [Fact]
    public async Task Files_are_not_moved_to_where_another_session_writes_them()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        await using Session other = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = daemon["data/films"],
                StateFolder = daemon["other"],
                ListenPort = 0,
                BindAddress = IPAddress.Loopback,
            },
            TestContext.Current.CancellationToken);
        await DownloadingAsync(other, sample);
        await Patience.Until(() => File.Exists(daemon[$"data/films/.{hash}.freshet-lock"]));
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""", HttpStatusCode.Conflict, "locked");
    }

    [Fact]
    public async Task Files_that_a_torrent_does_not_have_are_not_read()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        await daemon.RefusedAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/2/content", null, HttpStatusCode.NotFound, "no-such-file");
    }

    [Fact]
    public async Task No_more_files_are_read_at_once_than_allowed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        string path = $"/api/v1/torrents/{hash}/files/0/content";
        using CancellationTokenSource leaving = new();
        Task<HttpResponseMessage>[] reading =
            [.. Enumerable.Range(0, Bounds.MaxContentStreams).Select(_ => daemon.Client.GetAsync(path, leaving.Token))];
        JsonNode problem = await UntilRefusedAsync(daemon, path);
        Assert.Equal("too-many-streams", (string?)problem["code"]);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(reading));
    }

    [Fact]
    public async Task A_file_that_is_gone_from_the_disk_is_reported_as_trouble_with_the_disk()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        (await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await torrent.Completion.WaitAsync(Patience.Bound, TestContext.Current.CancellationToken);
        await torrent.StopAsync(TestContext.Current.CancellationToken);
        Directory.Delete(daemon["data/sample"], recursive: true);
        await daemon.RefusedAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content", null, HttpStatusCode.InternalServerError, "storage");
    }

    [Fact]
    public async Task Settings_that_cannot_be_saved_are_not_changed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Directory.CreateDirectory(daemon["state/daemon/settings.json.new/in-the-way"]);
        await daemon.RefusedAsync(
            HttpMethod.Patch, "/api/v1/session/settings", """{"maxConnections": 77}""", HttpStatusCode.InternalServerError, "storage");
        Assert.NotEqual(77, (int?)(await daemon.GetAsync("/api/v1/session/settings"))["maxConnections"]);
        Assert.NotEqual(77, daemon.Server.Session.Options.MaxConnections);
    }

    [Fact]
    public async Task An_action_that_cannot_be_recorded_is_reported_as_trouble_with_the_disk()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        string path = $"/api/v1/torrents/{hash}";
        Directory.CreateDirectory(daemon[$"state/{hash}.resume.tmp/in-the-way"]);
        await RefusedAsync(HttpMethod.Patch, path, """{"labels": ["a"]}""");
        await RefusedAsync(HttpMethod.Patch, path + "/files", """{"files": [0], "priority": "high"}""");
        await RefusedAsync(HttpMethod.Post, path + "/start", null);
        Assert.Equal("a", daemon.Server.Session.Torrents[0].Options.UserData["labels"]);
        using HttpResponseMessage bulk = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents/bulk",
            $$$"""{"action": "change", "hashes": ["{{{hash}}}"], "change": {"sequential": true}}""");
        JsonNode result = JsonNode.Parse(await bulk.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("storage", (string?)result["failures"]![0]!["code"]);

        Task<JsonNode> RefusedAsync(HttpMethod method, string where, string? body) =>
            daemon.RefusedAsync(method, where, body, HttpStatusCode.InternalServerError, "storage");
    }

    [Fact]
    public async Task A_method_that_is_not_possible_is_refused_with_the_possible_ones()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Put, "/api/v1/session/settings", "{}");
        await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(["GET", "PATCH"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Logins_that_never_end_do_not_keep_out_the_holder_of_the_token()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        (TcpClient Client, string Status)[] logins =
            await Task.WhenAll(Enumerable.Range(0, Bounds.MaxRequests).Select(_ => HangAsync(daemon, "/api/v1/login", withToken: false)));

        // A newer login takes the place of the oldest, which may not have been told to continue by then; the last ones keep theirs.
        Assert.All(logins, login => Assert.Contains(login.Status, (string[])["100", "429"]));
        Assert.InRange(logins.Count(login => login.Status == "100"), Bounds.MaxLogins, Bounds.MaxRequests);
        await daemon.GetAsync("/api/v1/torrents");
        Array.ForEach(logins, login => login.Client.Dispose());
    }

    [Fact]
    public async Task Requests_beyond_the_limit_are_told_to_come_back()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        (TcpClient Client, string Status)[] hanging = await Task.WhenAll(
            Enumerable.Range(0, Bounds.MaxRequests).Select(_ => HangAsync(daemon, "/api/v1/torrents/bulk", withToken: true)));
        Assert.All(hanging, request => Assert.Equal("100", request.Status));
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/api/v1/torrents");
        await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Array.ForEach(hanging, request => request.Client.Dispose());
        await UntilAnsweredAsync(daemon, "/api/v1/torrents");
    }

    [Fact]
    public async Task Web_seeds_are_listed_as_the_torrent_names_them()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Link = "magnet:?xt=urn:btih:c9e15763f722f23e98a29decdfae341b98d53056&ws=http%3A%2F%2F127.0.0.1%3A1%2Ffiles";
        using HttpResponseMessage added = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{Link}}", "start": false}""");
        string hash = (string)JsonNode.Parse(await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["hash"]!;
        JsonNode seed = Assert.Single((await daemon.GetAsync($"/api/v1/torrents/{hash}/webseeds"))["webSeeds"]!.AsArray())!;
        Assert.Contains("127.0.0.1", seed.ToJsonString(), StringComparison.Ordinal);
    }

    // A torrent that may write, and has no data yet.
    private static async Task<Torrent> DownloadingAsync(Session session, SampleTorrent sample)
    {
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(sample.Bytes), new TorrentOptions(), TestContext.Current.CancellationToken);
        await Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        return torrent;
    }

    private static Task<string> UntilAnsweredAsync(TestDaemon daemon, string path) =>
        UntilAsync(daemon, path, answer => answer.IsSuccessStatusCode);

    private static async Task<JsonNode> UntilRefusedAsync(TestDaemon daemon, string path) =>
        JsonNode.Parse(await UntilAsync(daemon, path, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable))!;

    // Each attempt is given up soon: the answer to one that is admitted may take a minute.
    private static async Task<string> UntilAsync(TestDaemon daemon, string path, Func<HttpResponseMessage, bool> isWanted)
    {
        for (DateTime end = DateTime.UtcNow + Patience.Bound; DateTime.UtcNow < end;)
        {
            using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
            try
            {
                using HttpResponseMessage answer = await daemon.Client.GetAsync(path, soon.Token);
                if (isWanted(answer))
                    return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }
            catch (OperationCanceledException) when (soon.IsCancellationRequested)
            {
                // Not yet.
            }
        }

        throw new TimeoutException($"{path} never gave the answer.");
    }

    // A request that says its body should be read, and never sends it.
    private static async Task<(TcpClient Client, string Status)> HangAsync(TestDaemon daemon, string path, bool withToken)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Server.Urls[0].Port, TestContext.Current.CancellationToken);
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{(withToken ? $"Authorization: Bearer {daemon.Server.Token}\r\n" : "")}"
            + "Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
        await client.GetStream().WriteAsync(head, TestContext.Current.CancellationToken);
        byte[] answer = new byte[12];
        await client.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().Bounded();
        return (client, Encoding.ASCII.GetString(answer, 9, 3));
    }
}
