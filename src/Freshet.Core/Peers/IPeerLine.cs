using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The lines to the connected peers. Every call returns at once; what comes of it arrives later, never from within the call.
/// </summary>
internal interface IPeerLine : ISourceLine
{
    /// <summary>Puts a message into the peer's outbox. It leaves with the batch, in order.</summary>
    void Send(PeerKey peer, in PeerMessage message);

    /// <summary>How long reading from it has waited for a rate limit of ours.</summary>
    HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now);

    /// <summary>How long what it requested has waited for a rate limit of ours.</summary>
    HeldByLimit SendingHeld(PeerKey peer, Timestamp now);

    /// <summary>How long a packet takes to it and back, as the system or uTP measures it; null where that is not known.</summary>
    TimeSpan? RoundTrip(PeerKey peer);

    /// <summary>Ends a connection; nothing more is heard of it, and OnDisconnected is not called for it.</summary>
    void Disconnect(PeerKey peer, DisconnectReason reason);
}
