using System.Net.Sockets;

using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>What the network's errors mean for a connection.</summary>
internal static class SocketErrors
{
    /// <summary>Whether we are at fault, or our machine: there are no more handles, or no memory for a socket.</summary>
    public static bool IsShortage(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    public static DisconnectReason Classify(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => DisconnectReason.Refused,
        SocketError.TimedOut => DisconnectReason.TimedOut,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.Disconnecting
            => DisconnectReason.ClosedByPeer,
        _ => DisconnectReason.NetworkError,
    };
}
