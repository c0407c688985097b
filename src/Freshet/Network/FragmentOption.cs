using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Whether the system, and routers, may send the datagrams of a socket in fragments. They may, so that everything arrives however little
/// the path carries; but not those that probe how much it carries, which would otherwise find nothing. The system knows the option by
/// socket alone, so it is set when the next datagram is of the other kind.
/// </summary>
internal sealed class FragmentOption
{
    private static readonly byte[] Allowed = BitConverter.GetBytes(Native.MtuAny);
    private static readonly byte[] Refused = BitConverter.GetBytes(Native.MtuProbe);

    private readonly Socket _socket;
    private bool _areRefused;

    public FragmentOption(Socket socket)
    {
        _socket = socket;
        Set(false);
    }

    /// <summary>The next datagrams may be fragmented, or may not. Allocates nothing.</summary>
    public void Refuse(bool refuses)
    {
        if (refuses != _areRefused)
            Set(refuses);
    }

    private void Set(bool refuses)
    {
        _areRefused = refuses;
        try
        {
            if (OperatingSystem.IsLinux())
                _socket.SetRawSocketOption(Level, Option, refuses ? Refused : Allowed);
            else if (!IsV6)
                _socket.DontFragment = refuses;
        }
        catch (SocketException)
        {
            // The system has no such option: longer datagrams are always fragmented, or never. For IPv6, that is so wherever .NET has none.
        }
    }

    private bool IsV6 => _socket.AddressFamily == AddressFamily.InterNetworkV6;

    private int Level => IsV6 ? Native.IPv6 : Native.IP;

    private int Option => IsV6 ? Native.IPv6MtuDiscover : Native.MtuDiscover;
}
