using System.Net;
using System.Net.Sockets;

namespace Freshet.Daemon.Running;

/// <summary>Tries whether peers could be listened to at a port.</summary>
internal static class FreePorts
{
    /// <summary>Why a port cannot be listened on; null if it can, or if only a start will tell.</summary>
    /// <param name="port">The port; 0 is one that the system chooses.</param>
    /// <param name="bind">The address or interface that is used; empty for all.</param>
    public static string? Objection(int port, string bind)
    {
        if (port == 0)
            return null;
        IPAddress[] addresses =
            bind.Length == 0 ? [IPAddress.Any, IPAddress.IPv6Any]
            : IPAddress.TryParse(bind, out IPAddress? one) ? [one]
            : [];
        foreach (IPAddress address in addresses)
        {
            try
            {
                using Socket tcp = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                Bind(tcp, address, port);
                using Socket udp = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                Bind(udp, address, port);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return "is taken by another program";
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
            {
                return "may not be listened on by the daemon's user";
            }
            catch (SocketException)
            {
                // That address is not there now, or IPv6 is not at all.
            }
        }

        return null;
    }

    private static void Bind(Socket socket, IPAddress address, int port)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = false;
        socket.Bind(new IPEndPoint(address, port));
    }
}
