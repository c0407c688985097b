using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>What a connection tells whose it is. Never called from within a call into the connection, but for the handshake.</summary>
internal interface ISimConnectionOwner
{
    void OnHandshake(SimConnection connection, Handshake handshake);

    /// <summary>A receive batch; the leases in it are the owner's.</summary>
    void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch);

    /// <summary>The bytes of a block that can leave now; null if they are not to be had.</summary>
    byte[]? Read(BlockRange block);

    void OnBlockSent(SimConnection connection, BlockRange block);

    /// <summary>A block could not be read, and will not be sent.</summary>
    void OnBlockFailed(SimConnection connection, BlockRange block);

    /// <summary>The other end closed, or sent what is no message.</summary>
    void OnClosed(SimConnection connection, FrameFault fault);
}
