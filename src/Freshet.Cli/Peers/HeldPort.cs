using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Cli.Peers;

/// <summary>
/// Reserves a TCP port on which nobody listens: peers that dial it are refused at once. Trackers that identify peers by address and port
/// alone would mistake an announce with the usual port for one of the client that the user runs there.
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket;

    /// <param name="bindTo">The local address; null for any. For an interface any address will do, since nothing is sent.</param>
    /// <exception cref="CliException">No port is available at that address.</exception>
    public HeldPort(BindTarget? bindTo)
    {
        IPAddress address = bindTo?.Address
            ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                _socket.DualMode = true;
            _socket.Bind(new IPEndPoint(address, 0));
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new CliException($"No port can be reserved at {address}: {e.Message.TrimEnd('.')}.", "Name one with --port.", e);
        }
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
