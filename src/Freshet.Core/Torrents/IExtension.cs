using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>What one extension of BEP 10 does in one torrent. A new extension is a new implementation, and nothing else changes.</summary>
internal interface IExtension
{
    /// <summary>Its row in the table.</summary>
    ExtensionRow Row { get; }

    /// <summary>A peer said what it offers, for the first time or anew.</summary>
    void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now);

    /// <summary>A peer sent one of its messages, no longer than the row allows.</summary>
    void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now);

    /// <summary>A peer is gone.</summary>
    void OnGone(Peer peer);
}
