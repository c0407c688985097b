using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>A snapshot of the ports that a router maps to us. Immutable.</summary>
public sealed record PortMappingStatus
{
    /// <summary>The protocol used with the router: <c>PCP</c>, <c>NAT-PMP</c> or <c>UPnP</c>; null while nothing is mapped.</summary>
    public string? Protocol { get; init; }

    /// <summary>The router's TCP port that is mapped to ours; null if there is none.</summary>
    public int? TcpPort { get; init; }

    /// <summary>The router's UDP port that is mapped to ours; null if there is none.</summary>
    public int? UdpPort { get; init; }

    /// <summary>The external address that the router reports; null if it reports none.</summary>
    public IPAddress? ExternalAddress { get; init; }

    /// <summary>Whether the router lets IPv6 peers connect to our port (PCP).</summary>
    public bool IsOpenOverV6 { get; init; }

    /// <summary>Why nothing is mapped, as text; null if something is, or it is not known yet.</summary>
    public string? Trouble { get; init; }
}
