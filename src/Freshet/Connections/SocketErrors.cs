using System.Net.Sockets;

using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Interprets socket errors of a connection.</summary>
internal static class SocketErrors
{
    /// <summary>Whether the error is a shortage on our machine: no more handles, or no memory for a socket.</summary>
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
