using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Http;

[Collection(nameof(MeasuresMemory))]
public class HardeningTests
{
    [Fact]
    public async Task A_flood_of_requests_is_answered_or_refused_and_the_daemon_keeps_running()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.AddAsync(new SampleTorrent());
        HttpStatusCode?[] statuses = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(AskAsync)).Bounded();
        Assert.All(statuses, status => Assert.True(status is null or HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Equal(1, (int?)(await daemon.GetAsync("/api/v1/torrents"))["total"]);

        // Null: there were more connections than the daemon accepts, and it has closed this one.
        async Task<HttpStatusCode?> AskAsync(int i)
        {
            try
            {
                using HttpResponseMessage answer = i % 2 == 0
                    ? await daemon.SendAsync(HttpMethod.Get, "/api/v1/torrents")
                    : await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", """{"action": "stop", "hashes": []}""");
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_client_that_never_reads_its_events_is_disconnected_and_holds_nobody_up()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] hashes = await AddManyAsync(daemon, 100);
        using TcpClient deaf = await ConnectAsync(daemon);
        for (int i = 0; i < 60; i++)
        {
            using HttpResponseMessage changed = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", ChangeOf(hashes, i));
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        await Patience.Until(() => IsClosed(deaf.Client));
        Assert.Equal(100, (int?)(await daemon.GetAsync("/api/v1/torrents?limit=1"))["total"]);
    }

    [Fact]
    public async Task Clients_that_missed_much_and_never_read_hold_little_memory_each()
    {
        const int Clients = 50;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] hashes = await AddManyAsync(daemon, 100);
        string firstId = await LastIdAsync(daemon);
        for (int i = 0; i < 50; i++)
        {
            using HttpResponseMessage changed = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", ChangeOf(hashes, i));
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<TcpClient> deaf = [];
        for (int i = 0; i < Clients; i++)
            deaf.Add(await ConnectAsync(daemon, $"Last-Event-ID: {firstId}\r\n"));
        await Patience.Until(() => deaf.All(client => client.Available > 2_000));

        // Each has missed some 10 MB.
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        deaf.ForEach(client => client.Dispose());
        Assert.True(held < Clients * 2_000_000L, $"{held} bytes");
    }

    [Fact]
    public async Task Only_a_few_large_bodies_are_accepted_at_once_and_small_ones_meanwhile()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        TcpClient[] first = await Task.WhenAll(Enumerable.Range(0, Bounds.MaxLargeRequests).Select(_ => BeginUploadAsync(daemon)));
        Assert.All(await Task.WhenAll(first.Select(ReadStatusAsync)), status => Assert.Equal("100", status));
        using TcpClient next = await BeginUploadAsync(daemon);
        await AddManyAsync(daemon, 20);
        Assert.Equal(0, next.Available);
        first[0].Dispose();
        Assert.Equal("100", await ReadStatusAsync(next));
        Array.ForEach(first, client => client.Dispose());
    }

    [Fact]
    public async Task Clients_that_do_not_read_a_long_list_hold_little_memory_each()
    {
        const int Clients = 50;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] hashes = await AddManyAsync(daemon, 1_000);
        using HttpResponseMessage changed = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", ChangeOf(hashes, 0));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await Patience.Until(() => daemon.Server.Session.Torrents.All(torrent => torrent.Options.UserData.Count > 0));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<TcpClient> deaf = [];
        for (int i = 0; i < Clients; i++)
            deaf.Add(await ConnectAsync(daemon, path: "/api/v1/torrents?limit=10000"));
        await Patience.Until(() => deaf.All(client => client.Available > 2_000));

        // Each list has some 3 MB.
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        deaf.ForEach(client => client.Dispose());
        Assert.True(held < Clients * 700_000L, $"{held} bytes");
    }

    [Fact]
    public async Task Only_a_few_torrents_are_fetched_at_once_and_none_longer_than_an_upload_may_be()
    {
        TaskCompletionSource<byte[]> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using StubServer server = new(
            path => path == "/long" ? Task.FromResult(new byte[Bounds.MaxLargeBody + 1]) : held.Task);
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with { AllowLocalUrls = true });
        Task<HttpResponseMessage>[] inspecting = [.. Enumerable.Range(0, 20).Select(_ => InspectAsync("short"))];
        await Patience.Until(() => server.Requests.Count >= Bounds.MaxFetches);
        await AddManyAsync(daemon, 20);
        Assert.Equal(Bounds.MaxFetches, server.Requests.Count);
        held.SetResult([]);
        HttpResponseMessage[] answers = await Task.WhenAll(inspecting);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        await TestDaemon.ProblemOfAsync(await InspectAsync("long"), HttpStatusCode.BadGateway, "fetch-failed");

        Task<HttpResponseMessage> InspectAsync(string name) => daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents/inspect", new JsonObject { ["source"] = server.Url + name }.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_missed_nothing_is_told_at_once_that_it_is_connected()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string lastId = await LastIdAsync(daemon);
        using HttpResponseMessage again = await daemon.SendAsync(
            HttpMethod.Get, "/api/v1/events", change: request => request.Headers.Add("Last-Event-ID", lastId));
        using StreamReader lines = new(await again.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(":", await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task JSON_answers_are_compressed_if_the_client_accepts_it_and_streams_are_not(string encoding)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage compressed = await daemon.SendAsync(HttpMethod.Get, "/openapi.json",
            change: request => request.Headers.AcceptEncoding.ParseAdd(encoding));
        Assert.Equal(encoding, compressed.Content.Headers.ContentEncoding.Single());
        byte[] body = await compressed.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(body.Length < (await daemon.GetAsync("/openapi.json")).ToJsonString().Length / 4, $"{body.Length} bytes");
        using HttpResponseMessage stream = await daemon.SendAsync(HttpMethod.Get, "/api/v1/events",
            change: request => request.Headers.AcceptEncoding.ParseAdd(encoding));
        Assert.Empty(stream.Content.Headers.ContentEncoding);
    }

    private static async Task<string> LastIdAsync(TestDaemon daemon)
    {
        using Feeds.EventReader events = await Feeds.EventReader.OpenAsync(daemon);
        await events.NextAsync((type, _) => type == "snapshot");
        return events.LastId!;
    }

    private static async Task<string[]> AddManyAsync(TestDaemon daemon, int count)
    {
        string[] hashes = [.. Enumerable.Range(0, count).Select(i => $"{i:x40}")];
        foreach (string hash in hashes)
        {
            using HttpResponseMessage added = await daemon.SendAsync(
                HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{hash}}", "start": false}""");
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }

        return hashes;
    }

    // It says that its body should be read, and never sends it.
    private static async Task<TcpClient> BeginUploadAsync(TestDaemon daemon)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Server.Urls[0].Port, TestContext.Current.CancellationToken);
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST /api/v1/torrents HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {daemon.Server.Token}\r\n"
            + "Content-Type: application/x-bittorrent\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
        await client.GetStream().WriteAsync(head, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<string> ReadStatusAsync(TcpClient client)
    {
        byte[] answer = new byte[12];
        await client.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().Bounded();
        return Encoding.ASCII.GetString(answer, 9, 3);
    }

    private static async Task<TcpClient> ConnectAsync(TestDaemon daemon, string headers = "", string path = "/api/v1/events")
    {
        TcpClient client = new() { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(IPAddress.Loopback, daemon.Server.Urls[0].Port, TestContext.Current.CancellationToken);
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {daemon.Server.Token}\r\n{headers}\r\n");
        await client.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
        return client;
    }

    // Long labels, so that each change fills buffers.
    private static string ChangeOf(string[] hashes, int round)
    {
        JsonArray labels = [.. Enumerable.Range(0, 32).Select(i => (JsonNode)$"{round:d2}{i:d2}{new string('x', 60)}")];
        return new JsonObject
        {
            ["action"] = "change",
            ["hashes"] = new JsonArray([.. hashes.Select(hash => (JsonNode)hash)]),
            ["change"] = new JsonObject { ["labels"] = labels },
        }.ToJsonString();
    }

    // Reset: what was not read is discarded with the connection.
    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectError)
                || (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
