using System.Net.Sockets;
using System.Text;

namespace Freshet.Network;

/// <summary>
/// Binds a socket to a network interface of Linux (<c>SO_BINDTODEVICE</c>), so that it sends and receives by that one only.
/// </summary>
internal static class DeviceBinding
{
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;

    /// <summary>Binds, if the system lets us. Where it does not, the address that the socket is bound to next has to do.</summary>
    /// <exception cref="SocketException">There is no such interface.</exception>
    public static void Bind(Socket socket, string interfaceName)
    {
        try
        {
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.UTF8.GetBytes(interfaceName + '\0'));
        }
        catch (SocketException e) when (e.SocketErrorCode
            is SocketError.AccessDenied or SocketError.ProtocolOption or SocketError.OperationNotSupported)
        {
            // Before Linux 5.7 only root may; and not every sandbox can.
        }
        catch (SocketException)
        {
            throw new SocketException((int)SocketError.AddressNotAvailable, $"{interfaceName} is not an interface of this machine.");
        }
    }
}
