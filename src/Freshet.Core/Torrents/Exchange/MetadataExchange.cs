using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The extension <c>ut_metadata</c> (BEP 9): fetches metadata from peers, and serves it to them.</summary>
internal sealed class MetadataExchange(MetadataFetch fetch, MetadataServing serving, Departures departures) : IExtension
{
    public ExtensionRow Row => ExtensionRows.Metadata;

    public Timestamp NextDue => Timestamp.Min(fetch.NextDue, serving.NextDue);

    public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now) =>
        fetch.OnHandshake(peer, handshake, line, now);

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (!MetadataMessage.TryParse(payload, out MetadataMessage message))
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "sent an invalid ut_metadata message");
            return;
        }

        switch (message.Kind)
        {
            case MetadataMessageKind.Request:
                serving.OnRequest(peer, message.Piece, line, now);
                break;
            case MetadataMessageKind.Data:
                fetch.OnData(peer, message, line, now);
                break;
            case MetadataMessageKind.Reject:
                fetch.OnReject(peer, message.Piece, line, now);
                break;
            case MetadataMessageKind.Unknown:
                break;
        }
    }

    public void OnGone(Peer peer)
    {
        fetch.OnGone(peer);
        serving.OnGone(peer);
    }

    public void Reset()
    {
        fetch.Reset();
        serving.Reset();
    }

    public void Tick(IExtensionLine line, Timestamp now)
    {
        if (fetch.NextDue <= now)
            fetch.Tick(line, now);
        if (serving.NextDue <= now)
            serving.Tick(line, now);
    }
}
