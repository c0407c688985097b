using System.Text;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>
/// Drives aria2c over its JSON-RPC. It cannot be given a peer's address: it learns of peers from a tracker, or the other side dials.
/// </summary>
public sealed class Aria2Client(string workFolder, ClientOptions? options = null) : PeerClient(ClientKind.Aria2, workFolder, options)
{
    private readonly int _controlPort = Ports.Next();
    private HttpClient? _http;

    private HttpClient Http => _http ??= NewHttpClient();

    public override async Task<bool> IsCompleteAsync()
    {
        // During a check, the bytes that it has verified are in a field that is absent otherwise. What it fetches of a magnet link before
        // it has the metadata is a download of its own.
        JsonNode? download = await DownloadAsync();
        return download?["bittorrent"]?["info"] is not null && (string?)download["totalLength"] != "0" && download["verifiedLength"] is null
            && (string?)download["completedLength"] == (string?)download["totalLength"];
    }

    protected override async Task StartAsync(string folder, bool seeding)
    {
        Launch(["aria2c", "--no-conf", $"--stop-with-process={Environment.ProcessId}",
            "--enable-rpc", $"--rpc-listen-port={_controlPort}", "--rpc-listen-all=false",
            $"--interface={EndPoint.Address}", $"--listen-port={EndPoint.Port}", "--disable-ipv6=true",
            .. DhtOptions(), "--enable-dht6=false", "--bt-enable-lpd=false",
            $"--enable-peer-exchange={(Options.ExchangesPeers ? "true" : "false")}",
            $"--bt-force-encryption={(Options.Encryption == ClientEncryption.Rc4Required ? "true" : "false")}", "--bt-max-peers=0",
            "--file-allocation=none", "--allow-overwrite=true", $"--check-integrity={(seeding ? "true" : "false")}",
            "--seed-ratio=0.0", $"--max-upload-limit={Options.UploadLimit ?? 0}",
            $"--max-download-limit={Options.DownloadLimit ?? 0}",
            "--console-log-level=notice", "--summary-interval=0", "-d", folder, Source]);
        await UntilAnswersAsync(DownloadAsync, "answers RPC");
    }

    // aria2 uses UDP trackers only if the DHT is on.
    private string[] DhtOptions()
    {
        if (Options.DhtNodes is null && !Options.AsksOverUdp)
            return ["--enable-dht=false"];
        string[] options = ["--enable-dht=true", $"--dht-listen-port={EndPoint.Port}", $"--dht-file-path={Home}/dht.dat"];
        return Options.DhtNodes is [{ } node, ..] ? [.. options, $"--dht-entry-point={node}"] : options;
    }

    protected override ValueTask EndAsync()
    {
        _http?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonNode?> DownloadAsync()
    {
        string body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "aria2.tellActive",
            ["params"] = new JsonArray(new JsonArray("completedLength", "totalLength", "verifiedLength", "bittorrent")),
        }.ToJsonString();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.PostAsync($"http://127.0.0.1:{_controlPort}/jsonrpc", content);
        response.EnsureSuccessStatusCode();
        JsonArray active = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["result"]!.AsArray();
        return active.Count > 0 ? active[0] : null;
    }
}
