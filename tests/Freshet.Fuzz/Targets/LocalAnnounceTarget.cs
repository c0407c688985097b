using System.Net;
using Freshet.Core.Local;
using Freshet.Core.Metainfo;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What is announced on a local network. Whatever arrives, only our own torrents are found, at ports that can be dialled.
/// </summary>
internal sealed class LocalAnnounceTarget : IFuzzTarget
{
    private static readonly IPEndPoint Sender = IPEndPoint.Parse("192.168.1.7:6771");
    private static readonly InfoHash Ours = new("aaaaaaaaaaaaaaaaaaaa"u8);

    public string Name => "local-announce";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        "BT-SEARCH * HTTP/1.1\r\n"u8.ToArray(), "Infohash: "u8.ToArray(), "Port: "u8.ToArray(), "cookie: "u8.ToArray(), "\r\n"u8.ToArray(),
        "6161616161616161616161616161616161616161"u8.ToArray(), "65536"u8.ToArray(), [(byte)':'], [(byte)'\n'],
    ];

    public IEnumerable<byte[]> Seeds =>
    [
        LocalAnnounce.Write(isV6: false, 6881, "theirs", [Ours, new InfoHash("bbbbbbbbbbbbbbbbbbbb"u8)]),
        LocalAnnounce.Write(isV6: true, 1, "ours", [Ours]),
        "bt-search * http/1.1\nport:1\ninfohash:6161616161616161616161616161616161616161"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        Recorder effects = new();
        LocalDiscoveryMachine machine = new(effects, "ours");
        machine.Add(Ours, default);
        for (int i = 0; i < 3; i++)
            machine.OnDatagram(input, Sender, default);
        FuzzException.Require(effects.Found == machine.Found, "every peer must be counted");
        FuzzException.Require(effects.Found <= LocalLimits.MaxLocalPeersPerTorrent, "peers are limited");
        FuzzException.Require(machine.Heard + machine.Dropped <= 3, "each datagram must be either heard or dropped, once");
    }

    private sealed class Recorder : ILocalEffects
    {
        public int Found { get; private set; }

        public void Announce(ReadOnlySpan<InfoHash> torrents) => FuzzException.Require(false, "nobody is answered");

        public void PeerFound(InfoHash torrent, IPEndPoint peer)
        {
            Found++;
            FuzzException.Require(torrent == Ours, "only torrents that we have may be found");
            FuzzException.Require(peer.Port is > 0 and < 65536, "a peer must have a port");
            FuzzException.Require(peer.Address.Equals(Sender.Address), "a peer must be where the datagram came from");
        }
    }
}
