using System.Net;
using System.Net.Sockets;

namespace Freshet.Testing;

/// <summary>What a test needs of the machine. Without it the test is skipped; <c>.ci/run</c> counts every skip as a failure.</summary>
public static class Requires
{
    private static readonly Lazy<bool> HasIPv6Loopback = new(BindIPv6Loopback);

    /// <summary>
    /// The address ::1. A kernel may speak IPv6 and have no such address, as in many containers, so <see cref="Socket.OSSupportsIPv6"/>
    /// does not answer this.
    /// </summary>
    public static void IPv6Loopback() => Assert.SkipUnless(HasIPv6Loopback.Value, "This machine has no address ::1.");

    /// <summary>That an address is one of this machine; only ::1 may be missing.</summary>
    public static void Loopback(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            IPv6Loopback();
    }

    private static bool BindIPv6Loopback()
    {
        if (!Socket.OSSupportsIPv6)
            return false;
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
