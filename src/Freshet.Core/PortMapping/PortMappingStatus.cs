using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>Which ports of a router lead to us, at one moment. Immutable.</summary>
public sealed record PortMappingStatus
{
    /// <summary>How the router was asked: <c>PCP</c>, <c>NAT-PMP</c> or <c>UPnP</c>; null while nothing is mapped.</summary>
    public string? Protocol { get; init; }

    /// <summary>The TCP port of the router that leads to ours; null if there is none.</summary>
    public int? TcpPort { get; init; }

    /// <summary>The UDP port of the router that leads to ours; null if there is none.</summary>
    public int? UdpPort { get; init; }

    /// <summary>The address that the router says it has outside; null if it says none.</summary>
    public IPAddress? ExternalAddress { get; init; }

    /// <summary>Whether the router lets IPv6 peers through to our port (PCP).</summary>
    public bool IsOpenOverV6 { get; init; }

    /// <summary>Why nothing is mapped, in words; null if something is, or is not known yet.</summary>
    public string? Trouble { get; init; }
}
