using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// The extension <c>upload_only</c>, by which clients of libtorrent tell a change of what BEP 21 has in the extension handshake. We tell it
/// by another handshake, which all understand.
/// </summary>
internal sealed class UploadOnlyMessages(Connecting connecting) : IExtension
{
    public ExtensionRow Row => ExtensionRows.UploadOnly;

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (payload.IsEmpty)
            return;
        peer.OnUploadOnly(payload[0] != 0);
        connecting.DropIfBothSeed(peer, now);
    }
}
