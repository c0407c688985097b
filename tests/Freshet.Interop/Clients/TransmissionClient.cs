using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>
/// Drives transmission-daemon over its RPC. It never dials a peer in 127.0.0.0/8, whoever names it, but accepts connections from there: the
/// other side must dial it, or learn of it from a tracker.
/// </summary>
public sealed class TransmissionClient(string workFolder, ClientOptions? options = null)
    : PeerClient(ClientKind.Transmission, workFolder, options)
{
    private const string SessionHeader = "X-Transmission-Session-Id";
    private static readonly TimeSpan CheckBound = TimeSpan.FromMinutes(5);

    private readonly int _controlPort = Ports.Next();
    private HttpClient? _http;
    private string _session = "";
    private bool _runs;

    /// <summary>What the daemon does with a torrent, as numbered in its RPC.</summary>
    private enum Status
    {
        Stopped = 0,
        WaitsForCheck = 1,
        Checks = 2,
        Downloads = 4,
        Seeds = 6,
    }

    public override bool WritesEmptyFiles => false;

    public override async Task<bool> IsCompleteAsync()
    {
        JsonNode torrent = await TorrentAsync();
        return (long)torrent["sizeWhenDone"]! > 0 && (long)torrent["leftUntilDone"]! == 0
            && StatusOf(torrent) is Status.Seeds or Status.Stopped;
    }

    public override async Task<double> RecheckAsync()
    {
        double began = Now;
        await CallAsync("torrent-verify", new JsonObject { ["ids"] = Ids });
        await UntilAsync(async () => IsChecking(await TorrentAsync()), CheckBound, "starts to verify");
        await UntilAsync(async () => !IsChecking(await TorrentAsync()), CheckBound, "has verified");
        return Now - began;
    }

    /// <summary>
    /// Starts it without a torrent. It takes half a minute to join the DHT, and asks nobody for peers before that.
    /// </summary>
    public async Task WarmUpAsync()
    {
        if (_runs)
            return;
        _runs = true;
        File.WriteAllText(Path.Combine(Home, "settings.json"), Settings().ToJsonString());
        File.WriteAllLines(Path.Combine(Home, "dht.bootstrap"), (Options.DhtNodes ?? []).Select(node => $"{node.Address} {node.Port}"));
        Launch(["transmission-daemon", "--foreground", "--config-dir", Home]);
        await UntilAnswersAsync(() => CallAsync("session-get", []), "answers RPC");
    }

    protected override async Task StartAsync(string folder, bool seeding)
    {
        await WarmUpAsync();
        await CallAsync("torrent-add", new JsonObject
        {
            ["filename"] = Source,
            ["download-dir"] = folder,
            ["paused"] = false,
        });
        await UntilAsync(async () => StatusOf(await TorrentAsync()) is Status.Downloads or Status.Seeds, CheckBound, "has started");
    }

    protected override ValueTask EndAsync()
    {
        _http?.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpClient Http => _http ??= NewHttpClient();

    private JsonArray Ids => [Torrent.InfoHash];

    private static Status StatusOf(JsonNode torrent) => (Status)(int)torrent["status"]!;

    private static bool IsChecking(JsonNode torrent) => StatusOf(torrent) is Status.WaitsForCheck or Status.Checks;

    private JsonObject Settings() => new()
    {
        ["bind-address-ipv4"] = EndPoint.Address.ToString(),
        ["bind-address-ipv6"] = "::1",
        ["peer-port"] = EndPoint.Port,
        ["peer-port-random-on-start"] = false,
        ["port-forwarding-enabled"] = false,
        ["dht-enabled"] = Options.DhtNodes is not null,
        ["lpd-enabled"] = false,
        ["pex-enabled"] = Options.ExchangesPeers,
        ["utp-enabled"] = Options.Utp,
        ["encryption"] = (int)Options.Encryption, // 0 prefers plain text (it cannot be required), 1 prefers encryption, 2 requires it
        ["rpc-enabled"] = true,
        ["rpc-bind-address"] = "127.0.0.1",
        ["rpc-port"] = _controlPort,
        ["rpc-authentication-required"] = false,
        ["rpc-whitelist-enabled"] = false,
        ["rpc-host-whitelist-enabled"] = false,
        ["download-dir"] = Home,
        ["incomplete-dir-enabled"] = false,
        ["preallocation"] = 0,
        ["speed-limit-down-enabled"] = Options.DownloadLimit is not null,
        ["speed-limit-down"] = (Options.DownloadLimit ?? 0) / 1000,
        ["speed-limit-up-enabled"] = Options.UploadLimit is not null,
        ["speed-limit-up"] = (Options.UploadLimit ?? 0) / 1000,
        ["download-queue-enabled"] = false,
        ["seed-queue-enabled"] = false,
        ["queue-stalled-enabled"] = false,
        ["ratio-limit-enabled"] = false,
        ["idle-seeding-limit-enabled"] = false,
        ["message-level"] = 2,
    };

    private async Task<JsonNode> TorrentAsync()
    {
        JsonNode answer = await CallAsync("torrent-get", new JsonObject
        {
            ["ids"] = Ids,
            ["fields"] = new JsonArray("leftUntilDone", "status", "sizeWhenDone"),
        });
        return answer["torrents"]![0] ?? throw new InvalidOperationException($"transmission has no torrent {Torrent.InfoHash}\n{Log}");
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject arguments)
    {
        string body = new JsonObject { ["method"] = method, ["arguments"] = arguments }.ToJsonString();
        using HttpResponseMessage first = await PostAsync(body);
        if (first.StatusCode != HttpStatusCode.Conflict)
            return await ReadAsync(method, first);

        // The first call is refused with a token that all later calls must contain.
        _session = first.Headers.GetValues(SessionHeader).First();
        using HttpResponseMessage second = await PostAsync(body);
        return await ReadAsync(method, second);
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://127.0.0.1:{_controlPort}/transmission/rpc");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add(SessionHeader, _session);
        return await Http.SendAsync(request);
    }

    private static async Task<JsonNode> ReadAsync(string method, HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string?)answer["result"] == "success"
            ? answer["arguments"]!
            : throw new InvalidOperationException($"transmission {method}: {answer["result"]}");
    }
}
