using Freshet.Core.Wire;
using Freshet.Disk;

namespace Freshet.Connections;

/// <summary>The leases of blocks in a batch of messages that nobody handles.</summary>
internal static class MessageLeases
{
    /// <summary>Gives them back.</summary>
    /// <param name="pool">Where they are from.</param>
    /// <param name="messages">The batch.</param>
    /// <param name="handled">How many leases, from the first on, are somebody else's already.</param>
    public static void Return(BlockPool pool, ReadOnlySpan<PeerMessage> messages, int handled = 0)
    {
        foreach (ref readonly PeerMessage message in messages)
        {
            if (message.Id == MessageId.Piece && --handled < 0)
                pool.Return(message.Lease);
        }
    }
}
