using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Freshet.Interop.Clients;

/// <summary>
/// Drives libtorrent-rasterbar, the library of qBittorrent and Deluge, through libtorrent_peer.py, whose header describes the protocol.
/// </summary>
public sealed class LibtorrentClient(string workFolder, ClientOptions? options = null)
    : PeerClient(ClientKind.Libtorrent, workFolder, options)
{
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CheckBound = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (double At, string Value)> _said = new();

    public override bool CanDial => true;

    /// <summary>The program that runs it, such as <c>ip netns exec</c>, with its arguments.</summary>
    public IReadOnlyList<string> Runner { get; init; } = [];

    /// <summary>The number of threads that hash during a check.</summary>
    public int HashingThreads { get; init; } = 1;

    /// <summary>When the first payload byte was received or sent, in seconds of the monotonic clock; null before that.</summary>
    public double? FirstByteAt => _said.TryGetValue("first", out (double At, string) first) ? first.At : null;

    public override double CompletedAt => _said["complete"].At;

    public override Task<bool> IsCompleteAsync() => Task.FromResult(_said.ContainsKey("complete"));

    public override Task DialAsync(IPEndPoint peer)
    {
        Process.WriteLine($"dial {peer.Address} {peer.Port}");
        return Task.CompletedTask;
    }

    /// <summary>Announces now, so that it learns of the peers that came later.</summary>
    public void Announce() => Process.WriteLine("announce");

    /// <summary>Payload bytes that it has sent to peers.</summary>
    public async Task<long> UploadedAsync() =>
        long.Parse((await AskAsync("stats", "uploaded", AnswerBound)).Value, CultureInfo.InvariantCulture);

    /// <summary>Payload bytes that it has received from peers.</summary>
    public async Task<long> DownloadedAsync() =>
        long.Parse((await AskAsync("stats", "downloaded", AnswerBound)).Value, CultureInfo.InvariantCulture);

    public override async Task<long?> WastedAsync() =>
        long.Parse((await AskAsync("stats", "wasted", AnswerBound)).Value, CultureInfo.InvariantCulture);

    /// <summary>The number of peers that it is connected to.</summary>
    public async Task<int> PeersAsync() => int.Parse((await AskAsync("peers", "peers", AnswerBound)).Value, CultureInfo.InvariantCulture);

    /// <summary>The number of pieces that it has.</summary>
    public async Task<int> PiecesAsync() =>
        int.Parse((await AskAsync("pieces", "pieces", AnswerBound)).Value, CultureInfo.InvariantCulture);

    /// <summary>
    /// Sets deadlines for a piece and those after it, replacing all earlier ones. Returns the seconds until the first can be read, or null
    /// if it was there already.
    /// </summary>
    public async Task<double?> SeekAsync(int piece, int count, TimeSpan between)
    {
        string command = string.Create(CultureInfo.InvariantCulture, $"seek {piece} {count} {(int)between.TotalMilliseconds}");
        double began = Now;
        (double at, string value) = await AskAsync(command, "sought", CheckBound);
        return value == "had" ? null : at - began;
    }

    public override async Task<double> RecheckAsync()
    {
        double began = Now;
        return (await AskAsync("check", "checked", CheckBound)).At - began;
    }

    protected override Task StartAsync(string folder, bool seeding)
    {
        string script = Path.Combine(Home, "libtorrent_peer.py");
        using (Stream source = typeof(LibtorrentClient).Assembly.GetManifestResourceStream("libtorrent_peer.py")!)
        using (FileStream copy = File.Create(script))
            source.CopyTo(copy);
        string arguments = JsonSerializer.Serialize(new
        {
            torrent = Source,
            folder,
            address = EndPoint.Address.ToString(),
            port = EndPoint.Port,
            utp = Options.Utp,
            tcp = Options.TcpToo || !Options.Utp,
            uploadLimit = Options.UploadLimit,
            downloadLimit = Options.DownloadLimit,
            hashingThreads = HashingThreads,
            encryption = Options.Encryption.ToString(),
            dht = Options.DhtNodes is not null,
            dhtNodes = string.Join(',', Options.DhtNodes ?? []),
            pex = Options.ExchangesPeers,
            lsd = Options.FindsNeighbours,
        });
        Launch([.. Runner, InstalledClients.DebianPython, script, arguments], OnLine);
        return UntilAsync(() => Task.FromResult(_said.ContainsKey("ready")), CheckBound, "is ready");
    }

    // A client in another network cannot be dialled from this one.
    protected override Task<bool> IsListeningAsync() =>
        Runner.Count > 0 ? Task.FromResult(_said.ContainsKey("ready")) : base.IsListeningAsync();

    private void OnLine(string line)
    {
        string[] fields = line.Split(' ');
        if (fields.Length >= 2 && double.TryParse(fields[0], CultureInfo.InvariantCulture, out double at))
            _said[fields[1]] = (at, fields.Length > 2 ? fields[2] : "");
    }

    private async Task<(double At, string Value)> AskAsync(string command, string answer, TimeSpan bound)
    {
        _said.TryRemove(answer, out _);
        Process.WriteLine(command);
        await UntilAsync(() => Task.FromResult(_said.ContainsKey(answer)), bound, $"answers '{command}'");
        return _said[answer];
    }
}
