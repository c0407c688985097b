using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>Communication with the connected peers. Every call returns at once; results arrive later, never from within the call.</summary>
internal interface IPeerLine : ISourceLine
{
    /// <summary>Queues a message in the peer's outbox. It is sent with the batch, in order.</summary>
    void Send(PeerKey peer, in PeerMessage message);

    /// <summary>How long the peer's requests have waited for our rate limits.</summary>
    HeldByLimit SendingHeld(PeerKey peer, Timestamp now);

    /// <summary>The round-trip time to the peer, as measured by the system or by uTP; null if unknown.</summary>
    TimeSpan? RoundTrip(PeerKey peer);

    /// <summary>Closes a connection; nothing more is received from it, and OnDisconnected is not called for it.</summary>
    void Disconnect(PeerKey peer, DisconnectReason reason);
}
