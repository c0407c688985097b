using System.Net.Sockets;
using System.Text;

namespace Freshet.Network;

/// <summary>
/// Binds a socket to a network interface on Linux (<c>SO_BINDTODEVICE</c>), so that it sends and receives over that one only.
/// </summary>
internal static class DeviceBinding
{
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;

    /// <summary>Binds the socket, if the system permits it; otherwise the address that the socket is bound to next has to do.</summary>
    /// <returns>Whether the system permits it.</returns>
    /// <exception cref="SocketException">There is no such interface.</exception>
    public static bool TryBind(Socket socket, string interfaceName)
    {
        try
        {
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.UTF8.GetBytes(interfaceName + '\0'));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode
            is SocketError.AccessDenied or SocketError.ProtocolOption or SocketError.OperationNotSupported)
        {
            // Before Linux 5.7 only root may do this, and not every sandbox permits it.
            return false;
        }
        catch (SocketException)
        {
            throw new SocketException((int)SocketError.AddressNotAvailable, $"{interfaceName} is not an interface of this machine.");
        }
    }
}
