using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>The router of the local network.</summary>
/// <param name="Router">Its local address.</param>
/// <param name="Local">Our address in its network.</param>
internal sealed record Gateway(IPAddress Router, IPAddress Local)
{
    /// <summary>Finds the router; null if there is none that the binding allows. Reads the system's tables, and sends nothing.</summary>
    public static Gateway? Find(NetworkBinding binding, AddressFamily family)
    {
        if (binding.Trouble is not null || !binding.Families.Contains(family))
            return null;
        foreach (NetworkInterface network in NetworkInterfaces())
        {
            if (network.NetworkInterfaceType == NetworkInterfaceType.Loopback || network.OperationalStatus == OperationalStatus.Down)
                continue;
            IPInterfaceProperties properties = network.GetIPProperties();
            if (!MayUse(binding, family, network, properties))
                continue;
            foreach (GatewayIPAddressInformation router in properties.GatewayAddresses)
            {
                if (router.Address.AddressFamily == family && LocalFor(binding, router.Address) is { } local)
                    return new Gateway(router.Address, local);
            }
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

    // Connecting a UDP socket reveals which local address it would use, without sending anything.
    private static IPAddress? LocalFor(NetworkBinding binding, IPAddress router)
    {
        if (router.Equals(IPAddress.Any) || router.Equals(IPAddress.IPv6Any))
            return null;
        try
        {
            using Socket socket = binding.Open(router.AddressFamily, SocketType.Dgram);
            socket.Connect(new IPEndPoint(router, GatewayPort.Port));
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
