using Freshet.Core.Wire;
using Freshet.Disk;

namespace Freshet.Connections;

/// <summary>Returns the block leases in a batch of messages that was not handled.</summary>
internal static class MessageLeases
{
    /// <summary>Returns the leases to the pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="messages">The batch.</param>
    /// <param name="handled">The number of leases, from the first, that have been passed on already.</param>
    public static void Return(BlockPool pool, ReadOnlySpan<PeerMessage> messages, int handled = 0)
    {
        foreach (ref readonly PeerMessage message in messages)
        {
            if (message.Id == MessageId.Piece && --handled < 0)
                pool.Return(message.Lease);
        }
    }
}
