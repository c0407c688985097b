using System.Net;
using System.Net.Sockets;

namespace Freshet.Interop.Running;

/// <summary>
/// Ports for programs that must be told theirs before they start. They lie below the ephemeral range, so no connection, and no socket that
/// leaves the choice to the system, takes one before its program does.
/// </summary>
public static class Ports
{
    private const int First = 12_000;
    private const int Last = 31_999;

    private static int _port = Environment.ProcessId * 37;

    /// <summary>A port that is free for TCP and UDP on every address, since some clients listen on all of them.</summary>
    public static int Next()
    {
        for (int tries = Last - First; tries > 0; tries--)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _port) % (Last - First + 1));
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }

        throw new InvalidOperationException("no free port");
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using Socket socket = new(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
