using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>Receives the events of a connection. Never called from within a call to the connection, except for the handshake.</summary>
internal interface ISimConnectionOwner
{
    void OnHandshake(SimConnection connection, Handshake handshake);

    /// <summary>A batch of messages was received; the owner now has the leases in it.</summary>
    void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch);

    /// <summary>The bytes of a block that can be sent now; null if they are not available.</summary>
    byte[]? Read(BlockRange block);

    void OnBlockSent(SimConnection connection, BlockRange block);

    /// <summary>A block could not be read, and will not be sent.</summary>
    void OnBlockFailed(SimConnection connection, BlockRange block);

    /// <summary>The other end has closed, or has sent something that is not a message.</summary>
    void OnClosed(SimConnection connection, FrameFault fault);
}
