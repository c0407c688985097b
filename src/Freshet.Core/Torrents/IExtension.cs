using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>What one extension of BEP 10 does in one torrent. A new extension is a new implementation, and nothing else changes.</summary>
internal interface IExtension
{
    /// <summary>Its row in the table.</summary>
    ExtensionRow Row { get; }

    /// <summary>When <see cref="Tick"/> is to be called.</summary>
    Timestamp NextDue => Timestamp.Never;

    /// <summary>
    /// A peer said what it offers, for the first time or anew; or had said so when this extension was not spoken yet.
    /// </summary>
    void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
    }

    /// <summary>A peer sent one of its messages, no longer than the row allows.</summary>
    void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now);

    /// <summary>A peer is gone that had said what it offers.</summary>
    void OnGone(Peer peer)
    {
    }

    /// <summary>The run is over, and its peers are gone: what was kept for them is not needed any more.</summary>
    void Reset()
    {
    }

    /// <summary>It is <see cref="NextDue"/>.</summary>
    void Tick(IExtensionLine line, Timestamp now)
    {
    }
}
