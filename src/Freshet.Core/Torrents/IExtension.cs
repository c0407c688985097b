using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>The behaviour of one BEP 10 extension in one torrent. A new extension is a new implementation; nothing else changes.</summary>
internal interface IExtension
{
    /// <summary>The extension's row in the table.</summary>
    ExtensionRow Row { get; }

    /// <summary>When <see cref="Tick"/> is to be called.</summary>
    Timestamp NextDue => Timestamp.Never;

    /// <summary>A peer has sent an extension handshake, first or repeated; or had sent one before this extension was enabled.</summary>
    void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
    }

    /// <summary>A peer has sent a message of this extension, no longer than the row allows.</summary>
    void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now);

    /// <summary>A peer that had sent an extension handshake has disconnected.</summary>
    void OnGone(Peer peer)
    {
    }

    /// <summary>The run is over and its peers are gone: per-peer state can be dropped.</summary>
    void Reset()
    {
    }

    /// <summary>Called when <see cref="NextDue"/> is reached.</summary>
    void Tick(IExtensionLine line, Timestamp now)
    {
    }
}
