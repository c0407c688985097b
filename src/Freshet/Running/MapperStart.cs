using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Discovery.PortMapping;

namespace Freshet.Running;

/// <summary>Starts port mapping for a session's network.</summary>
internal static class MapperStart
{
    public static PortMapper Create(
        SessionNetwork network, SessionServices services, Func<AddressFamily, Gateway?> findGateway)
    {
        PortMapper mapper = new(new PortMapperOptions
        {
            Binding = network.Binding,
            Time = services.Time,
            OnFault = e => services.FaultLog.Report("port mapping", e),
            Addresses = network.Addresses,
            Ports = family => PortsOf(network, family),
            FindGateway = findGateway,
        });
        mapper.Start();
        return mapper;
    }

    // UDP may have another port than TCP, whose number another program can hold.
    private static LocalPorts PortsOf(SessionNetwork network, AddressFamily family)
    {
        AnnounceFamily announced = family == AddressFamily.InterNetworkV6 ? AnnounceFamily.IPv6 : AnnounceFamily.IPv4;
        int tcp = AnnounceAddresses.PortOf(network.ListenEndPoints, announced);
        if (network.Dht is null && !network.HasUtp)
            return new LocalPorts(tcp, null);
        foreach (IPEndPoint endPoint in network.Udp?.For(ProxyUses.Peers)?.EndPoints ?? [])
        {
            if (endPoint.AddressFamily == family)
                return new LocalPorts(tcp, endPoint.Port);
        }

        return new LocalPorts(tcp, 0);
    }
}
