using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// The network interfaces of this machine. A session bound to an interface reads them every second: on Linux by one call of the C library,
/// which takes about ten microseconds, since the framework reads a dozen files for each interface.
/// </summary>
internal static class InterfaceTable
{
    /// <summary>All interfaces as they are now, those that are down included.</summary>
    /// <exception cref="SocketException">The system does not say.</exception>
    public static ImmutableArray<InterfaceInfo> Read() =>
        OperatingSystem.IsLinux() && nint.Size == 8 ? LinuxInterfaces.Read() : ReadPortably();

    private static ImmutableArray<InterfaceInfo> ReadPortably()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().Select(ToInfo)];
        }
        catch (NetworkInformationException e)
        {
            throw new SocketException((int)SocketError.SocketError, e.Message);
        }
    }

    private static InterfaceInfo ToInfo(NetworkInterface network)
    {
        IPInterfaceProperties properties = network.GetIPProperties();
        return new InterfaceInfo
        {
            Name = network.Name,
            Index = IndexOf(network, properties),
            IsUp = network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown,
            IsLoopback = network.NetworkInterfaceType == NetworkInterfaceType.Loopback,
            CanMulticast = network.SupportsMulticast,
            Addresses = [.. properties.UnicastAddresses.Select(static address => address.Address)],
        };
    }

    private static int IndexOf(NetworkInterface network, IPInterfaceProperties properties)
    {
        try
        {
            return network.Supports(NetworkInterfaceComponent.IPv4)
                ? properties.GetIPv4Properties().Index
                : properties.GetIPv6Properties().Index;
        }
        catch (NetworkInformationException)
        {
            // It has neither family.
            return 0;
        }
    }
}
