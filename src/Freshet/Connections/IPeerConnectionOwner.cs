using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// The torrent that owns a connection. All members but <see cref="Post"/> are called on the torrent's loop, from the connection's
/// <see cref="ILoopItem.Run"/>.
/// </summary>
internal interface IPeerConnectionOwner
{
    /// <summary>
    /// Posts the connection to the torrent's loop. Called from any thread, without holding a lock: the loop may run before it returns.
    /// </summary>
    void Post(PeerConnection connection);

    /// <summary>
    /// Messages were received. The owner takes over the leases of the blocks among them, even if this throws; it must not keep the span.
    /// </summary>
    void OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages);

    /// <summary>A block was handed to the network.</summary>
    void OnUploaded(PeerConnection connection, BlockRange block);

    /// <summary>A block could not be read and is not sent; the connection continues.</summary>
    void OnReadFailed(PeerConnection connection, BlockRange block, string error);

    /// <summary>The connection has ended. This is the last call, and it is not made if the owner ended the connection.</summary>
    void OnClosed(PeerConnection connection, DisconnectReason reason, string? detail);
}
