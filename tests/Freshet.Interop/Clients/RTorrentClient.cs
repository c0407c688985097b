using System.Globalization;
using System.Net;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>Drives rtorrent as a daemon, over XML-RPC in SCGI on a Unix socket.</summary>
public sealed class RTorrentClient(string workFolder, ClientOptions? options = null)
    : PeerClient(ClientKind.RTorrent, workFolder, options)
{
    private static readonly TimeSpan CheckBound = TimeSpan.FromMinutes(5);

    private ScgiXmlRpc _control = null!;

    public override bool CanDial => true;

    private string Hash => Torrent.InfoHash.ToUpperInvariant();

    private string Encryption => Options.Encryption switch
    {
        ClientEncryption.Preferred => "allow_incoming,try_outgoing,enable_retry",
        ClientEncryption.Rc4Required => "allow_incoming,try_outgoing,require,require_RC4",
        _ => "none",
    };

    public override async Task<bool> IsCompleteAsync() => await CallAsync("d.complete", Hash) == "1" && !await IsCheckingAsync();

    public override Task DialAsync(IPEndPoint peer) => CallAsync("add_peer", Hash, peer.ToString());

    public override async Task<double> RecheckAsync()
    {
        double began = Now;
        await CallAsync("d.check_hash", Hash);
        await UntilAsync(IsCheckingAsync, CheckBound, "starts to verify");
        await UntilAsync(async () => !await IsCheckingAsync(), CheckBound, "has verified");
        return Now - began;
    }

    protected override async Task StartAsync(string folder, bool seeding)
    {
        string socket = Path.Combine(Home, "scgi");
        string settings = Path.Combine(Home, "rtorrent.rc");
        string session = Directory.CreateDirectory(Path.Combine(Home, "session")).FullName;
        string limit = ((Options.UploadLimit ?? 0) / 1024).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(settings, $"""
            system.daemon.set = true
            network.bind_address.set = {EndPoint.Address}
            network.port_range.set = {EndPoint.Port}-{EndPoint.Port}
            network.port_random.set = no
            network.scgi.open_local = "{socket}"
            dht.mode.set = disable
            protocol.pex.set = no
            protocol.encryption.set = {Encryption}
            directory.default.set = "{folder}"
            session.path.set = "{session}"
            throttle.global_up.max_rate.set_kb = {limit}
            pieces.memory.max.set = 1800M
            pieces.hash.on_completion.set = no

            """);
        _control = new ScgiXmlRpc(socket);
        Launch(["rtorrent", "-n", "-o", $"import={settings}"]);
        await UntilAnswersAsync(() => CallAsync("system.client_version"), "answers XML-RPC");

        // Without the DHT, it refuses a torrent that has no tracker, so such a torrent gets a dead one.
        bool tracked = ((SortedDictionary<string, object>)Bencode.Read(File.ReadAllBytes(Torrent.TorrentPath))).ContainsKey("announce");
        string torrent = tracked ? Torrent.TorrentPath : Torrent.WithTracker("http://127.0.0.1:9/announce").TorrentPath;
        await CallAsync("load.start", "", torrent);
        await UntilAsync(
            async () => (await CallAsync("download_list", "", "main")).Contains(Hash, StringComparison.Ordinal), CheckBound, "has loaded");
        await UntilAsync(async () => await CallAsync("d.state", Hash) == "1" && !await IsCheckingAsync(), CheckBound, "has started");
    }

    private async Task<bool> IsCheckingAsync() => await CallAsync("d.hashing", Hash) != "0";

    private Task<string> CallAsync(string method, params string[] arguments) => _control.CallAsync(method, arguments);
}
