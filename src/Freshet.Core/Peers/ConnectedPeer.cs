using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>A peer with which both handshakes are complete.</summary>
/// <param name="EndPoint">The peer's address as we see it.</param>
/// <param name="Handshake">The peer's handshake.</param>
/// <param name="IsOutgoing">Whether we opened the connection.</param>
/// <param name="MustReplace">Whether the session is full, so that the peer can stay only by replacing another peer of the torrent.</param>
internal readonly record struct ConnectedPeer(IPEndPoint EndPoint, Handshake Handshake, bool IsOutgoing, bool MustReplace = false)
{
    /// <summary>The transport and encryption of the connection.</summary>
    public PeerWay Way { get; init; }
}
