using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The lines to the connected peers. Every call returns at once; what comes of it arrives later, never from within the call.
/// </summary>
internal interface IPeerLine
{
    /// <summary>Puts a message into the peer's outbox. It leaves with the batch, in order.</summary>
    void Send(PeerKey peer, in PeerMessage message);

    /// <summary>Ends a connection; nothing more is heard of it, and OnDisconnected is not called for it.</summary>
    void Disconnect(PeerKey peer, DisconnectReason reason);

    /// <summary>
    /// How long, of all the time of its connection, we have not read from a peer for reasons of our own: no memory for blocks, a limit on
    /// what is received, a loop that is behind. What the peer sent may lie there unread all that time.
    /// </summary>
    TimeSpan HeldUp(PeerKey peer, Timestamp now);
}
