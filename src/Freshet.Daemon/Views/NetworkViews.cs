using Freshet.Api;
using Freshet.Core.PortMapping;

namespace Freshet.Daemon.Views;

/// <summary>The session's network status as the API shows it.</summary>
internal static class NetworkViews
{
    public static NetworkInfo Of(SessionStatus status, DateTimeOffset now) => new()
    {
        Reachable = status.Reachability.IsReachable,
        Reason = status.Reachability.Reason,
        LastIncoming = now - status.Reachability.LastIncoming,
        PortMapping = status.PortMapping is { } mapping ? Of(mapping) : null,
        Proxy = status.Proxy,
        DhtNodes = status.Dht is { } dht ? dht.Nodes + dht.Nodes6 : null,
        LocalNetworks = status.Local?.Networks,
        BlockedRanges = status.BlockedRanges,
    };

    private static PortMappingInfo Of(PortMappingStatus mapping) => new()
    {
        Protocol = mapping.Protocol,
        TcpPort = mapping.TcpPort,
        UdpPort = mapping.UdpPort,
        ExternalAddress = mapping.ExternalAddress?.ToString(),
        OpenOverV6 = mapping.IsOpenOverV6,
        Trouble = mapping.Trouble,
    };
}
