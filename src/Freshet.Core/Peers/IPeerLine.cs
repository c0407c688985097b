using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The lines to the connected peers. Every call returns at once; what comes of it arrives later, never from within the call.
/// </summary>
internal interface IPeerLine : ISourceLine
{
    /// <summary>Puts a message into the peer's outbox. It leaves with the batch, in order.</summary>
    void Send(PeerKey peer, in PeerMessage message);

    /// <summary>Ends a connection; nothing more is heard of it, and OnDisconnected is not called for it.</summary>
    void Disconnect(PeerKey peer, DisconnectReason reason);
}
