using System.Net;
using System.Net.Sockets;

namespace Freshet.Daemon.Security;

/// <summary>What one person may have many addresses of.</summary>
internal static class ClientNetwork
{
    private const int NetworkBytes = 8;
    private const int AreaBytes = 6;
    private const int AreaBytesOfIPv4 = 3;

    /// <summary>An IPv4 address, or the /64 of an IPv6 address, which is what a single line gets.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Cut(address, NetworkBytes) : address;
    }

    /// <summary>The /24 of an IPv4 address, or the /48 of an IPv6 address: what a customer of a provider gets at the most.</summary>
    public static IPAddress AreaOf(IPAddress? address)
    {
        IPAddress network = Of(address);
        return Cut(network, network.AddressFamily == AddressFamily.InterNetworkV6 ? AreaBytes : AreaBytesOfIPv4);
    }

    private static IPAddress Cut(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(length).Clear();
        return new IPAddress(bytes);
    }
}
