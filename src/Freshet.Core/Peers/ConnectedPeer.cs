using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>What is known of a peer when both handshakes are done.</summary>
/// <param name="EndPoint">Its address, as we see it.</param>
/// <param name="Handshake">What it said.</param>
/// <param name="IsOutgoing">Whether we dialled.</param>
/// <param name="MustReplace">Whether the session is full, so that it can stay only in exchange for another peer of the torrent.</param>
internal readonly record struct ConnectedPeer(IPEndPoint EndPoint, Handshake Handshake, bool IsOutgoing, bool MustReplace = false)
{
    /// <summary>In which way there is a connection.</summary>
    public PeerWay Way { get; init; }
}
