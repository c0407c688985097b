using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>The router of the local network.</summary>
/// <param name="Router">Its local address.</param>
/// <param name="Local">Our address in its network: over IPv6 the public one that others see, which is to be reached through it.</param>
internal sealed record Gateway(IPAddress Router, IPAddress Local)
{
    // An address of the internet that nobody has.
    private static readonly IPAddress Elsewhere = IPAddress.Parse("2000::1");

    /// <summary>Finds the router; null if there is none that the binding allows. Reads the system's tables, and sends nothing.</summary>
    public static Gateway? Find(NetworkBinding binding, AddressFamily family) => Find(binding, family, NetworkInterfaces());

    /// <summary>Finds the router by one of the given interfaces, of which each may be gone by now.</summary>
    public static Gateway? Find(NetworkBinding binding, AddressFamily family, IEnumerable<NetworkInterface> networks)
    {
        if (binding.Trouble is not null || !binding.Families.Contains(family))
            return null;
        foreach (NetworkInterface network in networks)
        {
            try
            {
                if (FindBy(network, binding, family) is { } gateway)
                    return gateway;
            }
            catch (Exception e) when (e is NetworkInformationException or IOException or UnauthorizedAccessException)
            {
                // It went away while it was read.
            }
        }

        return null;
    }

    private static Gateway? FindBy(NetworkInterface network, NetworkBinding binding, AddressFamily family)
    {
        if (network.NetworkInterfaceType == NetworkInterfaceType.Loopback || network.OperationalStatus == OperationalStatus.Down)
            return null;
        IPInterfaceProperties properties = network.GetIPProperties();
        if (!MayUse(binding, family, network, properties))
            return null;
        foreach (GatewayIPAddressInformation router in properties.GatewayAddresses)
        {
            if (router.Address.AddressFamily == family && LocalFor(binding, router.Address, properties) is { } local)
                return new Gateway(router.Address, local);
        }

        return null;
    }

    private static NetworkInterface[] NetworkInterfaces()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static bool MayUse(NetworkBinding binding, AddressFamily family, NetworkInterface network, IPInterfaceProperties properties) =>
        binding.Target is null
        || network.Name == binding.Target.InterfaceName
        || properties.UnicastAddresses.Any(address => address.Address.Equals(binding.EndPointFor(family, 0).Address));

    private static IPAddress? LocalFor(NetworkBinding binding, IPAddress router, IPInterfaceProperties properties)
    {
        if (router.Equals(IPAddress.Any) || router.Equals(IPAddress.IPv6Any))
            return null;
        if (router.AddressFamily == AddressFamily.InterNetwork)
            return SourceFor(binding, router);

        // An IPv6 router is mostly known by its link-local address, and so would we be to it; a mapping is of the address that it names.
        return SourceFor(binding, Elsewhere) is { } source && IsPublic(source) && HasAddress(properties, source)
            ? source
            : properties.UnicastAddresses.Select(static address => address.Address).FirstOrDefault(address =>
                IsPublic(address) && (binding.Target is null || address.Equals(binding.EndPointFor(router.AddressFamily, 0).Address)));
    }

    private static bool IsPublic(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && AddressScopes.Of(address) == AddressScope.Public;

    private static bool HasAddress(IPInterfaceProperties properties, IPAddress address) =>
        properties.UnicastAddresses.Any(other => other.Address.Equals(address));

    // Connecting a UDP socket reveals which local address it would use, without sending anything.
    private static IPAddress? SourceFor(NetworkBinding binding, IPAddress target)
    {
        try
        {
            using Socket socket = binding.Open(target.AddressFamily, SocketType.Dgram);
            socket.Connect(new IPEndPoint(target, GatewayPort.Port));
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
