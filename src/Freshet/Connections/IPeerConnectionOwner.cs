using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// The torrent that a connection belongs to. All but <see cref="Post"/> is called on the torrent's loop, out of the connection's
/// <see cref="ILoopItem.Run"/>.
/// </summary>
internal interface IPeerConnectionOwner
{
    /// <summary>
    /// Puts the connection onto the torrent's loop. Called from any thread, without a lock: the loop may run before it returns.
    /// </summary>
    void Post(PeerConnection connection);

    /// <summary>
    /// Messages have come. The leases of blocks among them are the owner's from here on, even if this throws; the span is not to be kept.
    /// </summary>
    void OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages);

    /// <summary>A block was handed to the network.</summary>
    void OnUploaded(PeerConnection connection, BlockRange block);

    /// <summary>A block could not be read and is not sent; the connection goes on.</summary>
    void OnReadFailed(PeerConnection connection, BlockRange block, string error);

    /// <summary>The connection is over: the last that is heard of it. Not called if the owner ended it.</summary>
    void OnClosed(PeerConnection connection, DisconnectReason reason, string? detail);
}
