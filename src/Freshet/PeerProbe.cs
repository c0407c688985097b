using System.Net;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet;

/// <summary>Finds out which client a peer runs and what it supports, without a session.</summary>
public static class PeerProbe
{
    /// <summary>
    /// Connects to a peer, performs the handshake, and waits up to five seconds for its extension handshake (BEP 3, BEP 10); then connects
    /// again, encrypted and over uTP, to see which of them the peer accepts.
    /// </summary>
    /// <param name="metainfo">A torrent that the peer has; peers close connections for others.</param>
    /// <param name="peer">The peer's address.</param>
    /// <param name="access">The local address, interface or proxy to use, or null for the system's choice.</param>
    /// <param name="cancellationToken">Cancels the probe.</param>
    /// <exception cref="FreshetException">The peer cannot be reached, or every handshake failed; the message says why.</exception>
    public static async Task<PeerProbeResult> RunAsync(
        TorrentMetainfo metainfo, IPEndPoint peer, NetworkAccess? access = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        ArgumentNullException.ThrowIfNull(peer);
        PeerIntroduction introduction = new(metainfo, NetworkAccess.WaysOf(access));
        (string? failure, Introduction? met) = await introduction.RunAsync(peer, cancellationToken).ConfigureAwait(false);
        if (met is null)
            throw new FreshetException(failure!);
        Handshake handshake = met.Handshake;
        return new PeerProbeResult(
            peer, handshake.PeerId, PeerIdClient.Identify(handshake.PeerId), handshake.Reserved,
            met.Extensions is null ? null : ToPublic(met.Extensions))
        {
            Ways = [.. met.Ways.Select(tried => new PeerProbeWay(tried.Way.Transport, tried.Way.Encryption, tried.Failure))],
        };
    }

    private static PeerProbeExtensions ToPublic(ExtensionHandshake extensions) => new()
    {
        Messages = [.. extensions.Extensions.Select(extension => KeyValuePair.Create(extension.Name, (int)extension.Number))],
        Client = extensions.Client,
        Port = extensions.Port,
        RequestQueue = extensions.RequestQueue,
        MetadataSize = extensions.MetadataSize,
        YourAddress = extensions.YourIp,
    };
}
