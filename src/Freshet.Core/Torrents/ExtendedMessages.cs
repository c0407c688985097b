using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Handles the messages of BEP 10: the extension handshake, and messages of extensions, which it passes to their handlers.
/// </summary>
internal sealed class ExtendedMessages(Extensions extensions, Connecting connecting)
{
    public void On(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (message.Number == ExtensionHandshake.MessageNumber)
            OnHandshake(peer, message.Payload.Span, now);
        else
            extensions.OnMessage(peer, message.Number, message.Payload.Span, now);
    }

    private void OnHandshake(Peer peer, ReadOnlySpan<byte> payload, Timestamp now)
    {
        // A handshake that is not a dictionary says nothing, and is no reason to disconnect the peer.
        if (!ExtensionHandshake.TryParse(payload, out ExtensionHandshake handshake))
            return;
        if (handshake.UploadOnly is { } uploadOnly)
            peer.OnUploadOnly(uploadOnly);
        if (handshake.PrefersEncryption is { } prefersEncryption)
            peer.OnPrefersEncryption(prefersEncryption);
        if (handshake.MetadataSize > 0)
            peer.OnOffersMetadata();
        if (handshake.RequestQueue is { } most)
            peer.Requests.LimitDepth(most);
        if (handshake.Port is { } port)
            connecting.OnListenPort(peer, port);
        if (handshake.YourIp is { } address)
            connecting.OnOwnAddress(peer, address);
        extensions.OnHandshake(peer, handshake, now);
        connecting.DropIfBothSeed(peer, now);
    }
}
