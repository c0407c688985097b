using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// The extension <c>upload_only</c>, with which libtorrent clients announce a change of the BEP 21 field of the extension handshake.
/// </summary>
internal sealed class UploadOnlyMessages(Connecting connecting) : IExtension
{
    public ExtensionRow Row => ExtensionRows.UploadOnly;

    /// <summary>Tells a peer whether we want no piece; false if it does not support the message.</summary>
    public static bool TrySend(Peer peer, IExtensionLine line, bool isUploadOnly, Timestamp now) =>
        line.TrySend(peer, ExtensionRows.UploadOnly, new[] { isUploadOnly ? (byte)1 : (byte)0 }, now);

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (payload.IsEmpty)
            return;
        peer.OnUploadOnly(payload[0] != 0);
        connecting.DropIfBothSeed(peer, now);
    }
}
