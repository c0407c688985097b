using System.Globalization;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Rates;

namespace Freshet.Cli.Daemons;

/// <summary>Shows the connected peers of a daemon's torrent, to people and to scripts.</summary>
internal static class PeerLines
{
    public static void Write(IConsoleStreams streams, PeerList peers, bool json)
    {
        if (json)
        {
            TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(peers, JsonContext.Default.PeerList));
            return;
        }

        foreach (PeerItem peer in peers.Peers.OrderByDescending(peer => peer.DownloadRate + peer.UploadRate))
        {
            streams.Out.WriteLine(Of(peer));
            streams.Out.WriteLine("    " + DetailsOf(peer));
        }

        streams.Out.WriteLine($"{Words.Count(peers.Peers.Count, "connected peer")}.");
    }

    private static string Of(PeerItem peer)
    {
        string address = peer.Address.Contains(':', StringComparison.Ordinal) ? $"[{peer.Address}]" : peer.Address;
        return $"{address + ":" + peer.Port,-24} {Words.Percent(peer.Progress),6}  down {new DataRate(peer.DownloadRate)}, "
            + $"up {new DataRate(peer.UploadRate)}  {SafeText.Of(peer.Client)}";
    }

    // The kind of connection, choking in both directions, the response time, and how the peer was found.
    private static string DetailsOf(PeerItem peer)
    {
        string theirs = !peer.Interesting ? "has nothing we want" : peer.Choking ? "chokes us" : "gives";
        string ours = !peer.Interested ? "wants nothing" : peer.Choked ? "is choked" : "is served";
        string response = peer.ResponseMs is { } median
            ? $"; answers in {Milliseconds(median)} (95%: {Milliseconds(peer.Response95Ms)})"
            : "";
        string roundTrip = peer.RoundTripMs is { } known ? $"; round trip {Milliseconds(known)}" : "";
        string sources = peer.Sources.Count > 0 ? $"; from {string.Join(", ", peer.Sources)}" : "";
        return $"{WayOf(peer)}; {theirs}, {ours}; {peer.Requests} of {peer.QueueDepth} requests{response}{roundTrip}{sources}";
    }

    private static string WayOf(PeerItem peer)
    {
        string transport = peer.Transport == PeerTransportCode.Utp ? "uTP" : "TCP";
        string encryption = peer.Encryption switch
        {
            PeerEncryptionCode.None => "plain",
            PeerEncryptionCode.Handshake => "encrypted handshake",
            _ => "RC4",
        };
        string path = peer.Path switch
        {
            PeerPathCode.Hole => " through a punched hole",
            PeerPathCode.Proxy => " through the proxy",
            _ => "",
        };
        return $"{transport}, {encryption}, {(peer.Outgoing ? "dialled" : "incoming")}{path}";
    }

    private static string Milliseconds(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} ms");
}
