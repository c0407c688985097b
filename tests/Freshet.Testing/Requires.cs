using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Testing;

/// <summary>
/// What a test needs from the machine. If it is missing, the test is skipped; with <c>CI=true</c>, which says that the machine should have
/// everything, the test fails. Tests are not skipped in any other way.
/// </summary>
public static class Requires
{
    private static readonly bool AllowsSkips = Environment.GetEnvironmentVariable("CI") != "true";
    private static readonly Lazy<bool> HasIPv6Loopback = new(BindIPv6Loopback);

    /// <summary>Skips the test unless the condition holds.</summary>
    public static void That([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
            Skip(otherwise);
    }

    /// <summary>Skips the test, because something that it needs is missing.</summary>
    [DoesNotReturn]
    public static void Skip(string reason) => Skip(reason, AllowsSkips);

    /// <summary>Skips the test, or fails it if no skip is allowed.</summary>
    [DoesNotReturn]
    public static void Skip(string reason, bool isAllowed)
    {
        if (!isAllowed)
            Assert.Fail("With CI=true no test may be skipped. " + reason);
        Assert.Skip(reason);
    }

    /// <summary>
    /// The address ::1. A kernel may support IPv6 and lack this address, as in many containers, so
    /// <see cref="Socket.OSSupportsIPv6"/> is not enough.
    /// </summary>
    public static void IPv6Loopback() => That(HasIPv6Loopback.Value, "This machine does not have the address ::1.");

    /// <summary>Skips the test unless the machine has this loopback address; only ::1 can be missing.</summary>
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
