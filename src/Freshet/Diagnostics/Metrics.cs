using System.Diagnostics.Metrics;
using Freshet.Core.Peers;

namespace Freshet.Diagnostics;

/// <summary>What a session measures of itself, as one meter named <c>Freshet</c>, with OpenTelemetry's names and units.</summary>
internal sealed class Metrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _payload;
    private readonly Counter<long> _pieces;
    private readonly Counter<long> _dials;
    private readonly Counter<long> _webSeedRequests;

    /// <param name="factory">Makes the meter, or null.</param>
    /// <param name="connections">How many connections there are.</param>
    /// <param name="torrents">How many torrents there are.</param>
    /// <param name="heartbeat">How late the heartbeat was, in seconds.</param>
    public Metrics(IMeterFactory? factory, Func<int> connections, Func<int> torrents, Func<double> heartbeat)
    {
        MeterOptions options = new("Freshet") { Version = typeof(Metrics).Assembly.GetName().Version?.ToString(3) };
        _meter = factory?.Create(options) ?? new Meter(options);
        _payload = _meter.CreateCounter<long>("freshet.payload.io", "By", "Payload received and sent.");
        _pieces = _meter.CreateCounter<long>("freshet.pieces", "{piece}", "Pieces hashed, by outcome.");
        _dials = _meter.CreateCounter<long>("freshet.dials", "{dial}", "Attempts to connect to peers, by the way that was tried.");
        _webSeedRequests = _meter.CreateCounter<long>("freshet.webseed.requests", "{request}", "Requests to web seeds, by outcome.");
        _meter.CreateObservableUpDownCounter("freshet.connections", connections, "{connection}", "Connected peers.");
        _meter.CreateObservableUpDownCounter("freshet.torrents", torrents, "{torrent}", "Torrents of the session.");
        _meter.CreateObservableGauge("freshet.heartbeat.lateness", heartbeat, "s", "How much later than due the last tick was.");
    }

    /// <summary>Also reports how much of the session's memory for blocks is in use, and how much there is.</summary>
    public void ObserveBlocks(Func<int> rented, Func<int> total)
    {
        _meter.CreateObservableUpDownCounter("freshet.blocks.rented", rented, "{block}", "Blocks of the pool in use.");
        _meter.CreateObservableUpDownCounter("freshet.blocks.limit", total, "{block}", "Blocks of the pool at the most.");
    }

    /// <summary>Also reports what goes through the session's UDP port: datagrams, by what became of them.</summary>
    public void ObserveDatagrams(Func<IReadOnlyList<(string Outcome, long Count)>> count) => _meter.CreateObservableCounter(
        "freshet.udp.datagrams",
        () => count().Select(
            static of => new Measurement<long>(of.Count, new KeyValuePair<string, object?>("freshet.udp.outcome", of.Outcome))),
        "{datagram}",
        "Datagrams, by what became of them.");

    public void AddReceived(long bytes) => _payload.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "receive"));

    public void AddSent(long bytes) => _payload.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "transmit"));

    public void AddPiece(bool isGood) =>
        _pieces.Add(1, new KeyValuePair<string, object?>("freshet.piece.outcome", isGood ? "good" : "failed"));

    public void AddWebSeedRequest(string outcome) =>
        _webSeedRequests.Add(1, new KeyValuePair<string, object?>("freshet.webseed.outcome", outcome));

    public void AddDial(PeerTransport transport, bool isEncrypted, bool isGood) => _dials.Add(
        1,
        new KeyValuePair<string, object?>("freshet.dial.transport", transport == PeerTransport.Tcp ? "tcp" : "utp"),
        new KeyValuePair<string, object?>("freshet.dial.encryption", isEncrypted ? "mse" : "none"),
        new KeyValuePair<string, object?>("freshet.dial.outcome", isGood ? "connected" : "failed"));

    public void Dispose() => _meter.Dispose();
}
