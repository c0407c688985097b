using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>
/// Drives qbittorrent-nox over its Web API. It uses libtorrent, with settings of its own. It lets in every user of this machine without a
/// password. It is at 127.0.0.1, since it only uses addresses that an interface has.
/// </summary>
public sealed class QBittorrentClient(string workFolder, ClientOptions? options = null)
    : PeerClient(
        ClientKind.QBittorrent,
        workFolder,
        (options ?? new ClientOptions()) with { Address = options?.Address ?? IPAddress.Loopback })
{
    private static readonly TimeSpan CheckBound = TimeSpan.FromMinutes(5);
    private static readonly string[] Busy = ["checkingDL", "checkingUP", "checkingResumeData", "moving", "unknown"];

    private readonly int _controlPort = Ports.Next();
    private HttpClient? _http;

    public override bool CanDial => true;

    private HttpClient Http => _http ??= NewHttpClient();

    // 0 prefers encryption, 1 requires it, and 2 disables it.
    private int Encryption => Options.Encryption switch
    {
        ClientEncryption.Preferred => 0,
        ClientEncryption.Rc4Required => 1,
        _ => 2,
    };

    public override async Task<bool> IsCompleteAsync() =>
        await TorrentAsync() is { } torrent && !IsBusy(torrent) && (double)torrent["progress"]! >= 1;

    public override Task DialAsync(IPEndPoint peer) =>
        PostAsync("torrents/addPeers", ("hashes", Torrent.InfoHash), ("peers", peer.ToString()));

    protected override async Task StartAsync(string folder, bool seeding)
    {
        string configuration = Directory.CreateDirectory(Path.Combine(Home, "qBittorrent", "config")).FullName;
        await File.WriteAllTextAsync(Path.Combine(configuration, "qBittorrent.conf"), Settings());
        Launch(["qbittorrent-nox", $"--profile={Home}", $"--webui-port={_controlPort}"]);
        await UntilAnswersAsync(() => GetAsync("app/version"), "answers its Web API");
        await AddAsync(folder);
        await UntilAsync(async () => await TorrentAsync() is { } torrent && !IsBusy(torrent), CheckBound, "has started");
    }

    protected override ValueTask EndAsync()
    {
        _http?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsBusy(JsonNode torrent) => Busy.Contains((string)torrent["state"]!);

    private string Settings() => $"""
        [LegalNotice]
        Accepted=true

        [BitTorrent]
        Session\Port={EndPoint.Port}
        Session\InterfaceAddress={EndPoint.Address}
        Session\BTProtocol={(!Options.Utp ? "TCP" : Options.TcpToo ? "Both" : "UTP")}
        Session\Encryption={Encryption}
        Session\DHTEnabled=false
        Session\PeXEnabled={(Options.ExchangesPeers ? "true" : "false")}
        Session\LSDEnabled=false
        Session\MultiConnectionsPerIp=true
        Session\IgnoreLimitsOnLAN=false
        Session\QueueingSystemEnabled=false
        Session\SSRFMitigation=false
        Session\Preallocation=false
        Session\GlobalUPSpeedLimit={(Options.UploadLimit ?? 0) / 1024}
        Session\GlobalDLSpeedLimit={(Options.DownloadLimit ?? 0) / 1024}

        [Network]
        PortForwardingEnabled=false

        [Preferences]
        WebUI\Address=127.0.0.1
        WebUI\Port={_controlPort}
        WebUI\LocalHostAuth=false
        WebUI\UseUPnP=false

        """;

    private async Task AddAsync(string folder)
    {
        using MultipartFormDataContent form = [];
        using StringContent savePath = new(folder);
        using StringContent autoTmm = new("false");
        using StringContent layout = new("Original");
        using ByteArrayContent file = new(await File.ReadAllBytesAsync(Torrent.TorrentPath));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/x-bittorrent");
        form.Add(savePath, "savepath");
        form.Add(autoTmm, "autoTMM");
        form.Add(layout, "contentLayout");
        form.Add(file, "torrents", "it.torrent");
        using HttpResponseMessage answer = await Http.PostAsync(Url("torrents/add"), form);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<JsonNode?> TorrentAsync()
    {
        JsonArray torrents = JsonNode.Parse(await GetAsync($"torrents/info?hashes={Torrent.InfoHash}"))!.AsArray();
        return torrents.Count > 0 ? torrents[0] : null;
    }

    private async Task<string> GetAsync(string call)
    {
        using HttpResponseMessage answer = await Http.GetAsync(Url(call));
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private async Task PostAsync(string call, params (string Name, string Value)[] fields)
    {
        using FormUrlEncodedContent form = new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using HttpResponseMessage answer = await Http.PostAsync(Url(call), form);
        answer.EnsureSuccessStatusCode();
    }

    private Uri Url(string call) => new($"http://127.0.0.1:{_controlPort}/api/v2/{call}");
}
