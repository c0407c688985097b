using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Daemon.Tests.Contracts;

namespace Freshet.Daemon.Tests;

/// <summary>A daemon on loopback in a folder of its own, and a client that has the token.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private TestDaemon(TemporaryFolder folder, DaemonServer server)
    {
        _folder = folder;
        Server = server;
        Client = new HttpClient(new ContractHandler(NewHandler())) { BaseAddress = server.Urls[0] };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        Stranger = new HttpClient(new ContractHandler(NewHandler(useCookies: false))) { BaseAddress = server.Urls[0] };
    }

    public DaemonServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Stranger { get; }

    public string Data => _folder["data"];

    public string this[string relative] => _folder[relative];

    public static DaemonOptions OptionsIn(TemporaryFolder folder) => new()
    {
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        Session = new SessionOptions
        {
            DownloadFolder = folder["data"],
            StateFolder = folder["state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
    };

    public static async Task<TestDaemon> StartAsync(Func<DaemonOptions, TemporaryFolder, DaemonOptions>? configure = null)
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = OptionsIn(folder);
        DaemonServer server = await DaemonServer.StartAsync(
            configure?.Invoke(options, folder) ?? options, TestContext.Current.CancellationToken).Bounded();
        return new TestDaemon(folder, server);
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, TestContext.Current.CancellationToken).Bounded();
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? change = null) =>
        SendAsync(Client, method, path, json, change);

    public static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? change = null)
    {
        HttpRequestMessage request = new(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Bounded();
    }

    /// <summary>Sends a request, and expects a problem with this code.</summary>
    public async Task<JsonNode> RefusedAsync(
        HttpMethod method, string path, string? json, HttpStatusCode status, string code, Action<HttpRequestMessage>? change = null)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, json, change);
        return await ProblemOfAsync(answer, status, code);
    }

    public static async Task<JsonNode> ProblemOfAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["detail"]));
        return problem;
    }

    /// <summary>Adds a torrent that is not started, and returns its hash.</summary>
    public async Task<string> AddAsync(SampleTorrent sample, string more = "")
    {
        string body = $$"""{"metainfo": "{{Convert.ToBase64String(sample.Bytes)}}", "start": false{{more}}}""";
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, "/api/v1/torrents", body);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("hash").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Stranger.Dispose();
        await Server.StopAsync().WaitAsync(Patience.Bound);
        _folder.Dispose();
    }

    // An answer that is given up ends its connection at once: without this, what an event stream still sends is read for two seconds more.
    private static SocketsHttpHandler NewHandler(bool useCookies = true) =>
        new() { UseCookies = useCookies, ResponseDrainTimeout = TimeSpan.Zero };
}
