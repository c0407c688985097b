using System.Diagnostics.Metrics;
using Freshet.Core.Peers;

namespace Freshet.Diagnostics;

/// <summary>A session's metrics, as one meter named <c>Freshet</c>, with OpenTelemetry's names and units.</summary>
internal sealed class Metrics : IDisposable
{
    private const string Transport = "freshet.peer.transport";

    private readonly Meter _meter;
    private readonly Counter<long> _payload;
    private readonly Counter<long> _pieces;
    private readonly Counter<long> _dials;
    private readonly Counter<long> _webSeedRequests;
    private readonly LatencyMeter[] _responses;

    /// <param name="factory">Creates the meter, or null.</param>
    /// <param name="connections">The number of connections.</param>
    /// <param name="torrents">The number of torrents.</param>
    /// <param name="heartbeat">The lateness of the heartbeat in seconds.</param>
    public Metrics(IMeterFactory? factory, Func<int> connections, Func<int> torrents, Func<double> heartbeat)
    {
        MeterOptions options = new("Freshet") { Version = typeof(Metrics).Assembly.GetName().Version?.ToString(3) };
        _meter = factory?.Create(options) ?? new Meter(options);
        _payload = _meter.CreateCounter<long>("freshet.payload.io", "By", "Payload received and sent.");
        _pieces = _meter.CreateCounter<long>("freshet.pieces", "{piece}", "Pieces hashed, by outcome.");
        _dials = _meter.CreateCounter<long>("freshet.dials", "{dial}", "Attempts to connect to peers, by the way that was tried.");
        _webSeedRequests = _meter.CreateCounter<long>("freshet.webseed.requests", "{request}", "Requests to web seeds, by outcome.");
        Histogram<double> requests = LatencyMeter.Create(
            _meter, "freshet.request.duration", "Time from a request to a peer to the block that answers it, by transport.");
        _responses = [.. Enum.GetValues<PeerTransport>().Select(by => new LatencyMeter(requests, new(Transport, NameOf(by))))];
        Histogram<double> queues = LatencyMeter.Create(_meter, "freshet.queue.duration", "Time that things wait for their turn, by queue.");
        DiskQueue = new LatencyMeter(queues, new("freshet.queue", "disk"));
        AnnounceQueue = new LatencyMeter(queues, new("freshet.queue", "announce"));
        Disk = new DiskMeters(LatencyMeter.Create(
            _meter, "freshet.disk.duration", "Time that calls to the file system take, by operation."));
        _meter.CreateObservableUpDownCounter(
            "freshet.connections", connections, "{connection}", "Connections, with those that are still shaking hands.");
        _meter.CreateObservableUpDownCounter("freshet.torrents", torrents, "{torrent}", "Torrents of the session.");
        _meter.CreateObservableGauge("freshet.heartbeat.lateness", heartbeat, "s", "How much later than due the last tick was.");
        BeginAtZero();
    }

    /// <summary>How long calls to the file system take.</summary>
    public DiskMeters Disk { get; }

    /// <summary>How long blocks and orders wait for a disk thread.</summary>
    public LatencyMeter DiskQueue { get; }

    /// <summary>How long announces and scrapes wait for their turn.</summary>
    public LatencyMeter AnnounceQueue { get; }

    /// <summary>Also reports the connected peers, by how we came to know them and by transport.</summary>
    public void ObservePeers(Func<IReadOnlyList<PeerCount>> count) => _meter.CreateObservableUpDownCounter(
        "freshet.peers",
        () => count().Select(static of => new Measurement<int>(
            of.Count, new("freshet.peer.source", NameOf(of.Source)), new(Transport, NameOf(of.Transport)))),
        "{peer}",
        "Connected peers, by how we came to know them and by transport.");

    /// <summary>Also reports how much of the session's memory for blocks is in use, and its limit.</summary>
    public void ObserveBlocks(Func<int> rented, Func<int> total)
    {
        _meter.CreateObservableUpDownCounter("freshet.blocks.rented", rented, "{block}", "Blocks of the pool in use.");
        _meter.CreateObservableUpDownCounter("freshet.blocks.limit", total, "{block}", "Blocks of the pool at the most.");
    }

    /// <summary>Also reports the datagrams of the session's UDP port by outcome.</summary>
    public void ObserveDatagrams(Func<IReadOnlyList<(string Outcome, long Count)>> count) => _meter.CreateObservableCounter(
        "freshet.udp.datagrams",
        () => count().Select(
            static of => new Measurement<long>(of.Count, new KeyValuePair<string, object?>("freshet.udp.outcome", of.Outcome))),
        "{datagram}",
        "Datagrams, by what became of them.");

    // A series that begins with its first event hides it from whoever looks at increases, such as the first failed piece.
    private void BeginAtZero()
    {
        AddReceived(0);
        AddSent(0);
        AddPieces(0, isGood: true);
        AddPieces(0, isGood: false);
        foreach (PeerTransport transport in Enum.GetValues<PeerTransport>())
        {
            foreach ((bool isEncrypted, bool isGood) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
                AddDials(0, transport, PeerPath.Direct, isEncrypted, isGood);
        }
    }

    public void AddReceived(long bytes) => _payload.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "receive"));

    public void AddSent(long bytes) => _payload.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "transmit"));

    public void AddPiece(bool isGood) => AddPieces(1, isGood);

    private void AddPieces(long count, bool isGood) =>
        _pieces.Add(count, new KeyValuePair<string, object?>("freshet.piece.outcome", isGood ? "verified" : "failed"));

    public void AddWebSeedRequest(string outcome) =>
        _webSeedRequests.Add(1, new KeyValuePair<string, object?>("freshet.webseed.outcome", outcome));

    public void AddDial(PeerTransport transport, PeerPath path, bool isEncrypted, bool isGood) =>
        AddDials(1, transport, path, isEncrypted, isGood);

    private void AddDials(long count, PeerTransport transport, PeerPath path, bool isEncrypted, bool isGood) => _dials.Add(
        count,
        new KeyValuePair<string, object?>("freshet.dial.transport", NameOf(transport)),
        new KeyValuePair<string, object?>("freshet.dial.encryption", isEncrypted ? "mse" : "none"),
        new KeyValuePair<string, object?>("freshet.dial.outcome", isGood ? "connected" : "failed"),
        new KeyValuePair<string, object?>("freshet.dial.path", NameOf(path)));

    /// <summary>A peer has answered a request with the block.</summary>
    public void AddResponse(PeerTransport transport, TimeSpan time) => _responses[(int)transport].Add(time);

    public void Dispose() => _meter.Dispose();

    private static string NameOf(PeerTransport transport) => transport == PeerTransport.Tcp ? "tcp" : "utp";

    private static string NameOf(PeerPath path) => path switch
    {
        PeerPath.Hole => "hole",
        PeerPath.Proxy => "proxy",
        _ => "direct",
    };

    private static string NameOf(PeerSource source) => source switch
    {
        PeerSource.Incoming => "incoming",
        PeerSource.Tracker => "tracker",
        PeerSource.Manual => "manual",
        PeerSource.Exchange => "exchange",
        PeerSource.Dht => "dht",
        PeerSource.Link => "link",
        _ => "local",
    };
}
