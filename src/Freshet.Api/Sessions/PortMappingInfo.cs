namespace Freshet.Api;

/// <summary>Which ports of the router lead to us.</summary>
public sealed record PortMappingInfo
{
    /// <summary>How the router was asked: PCP, NAT-PMP or UPnP; null while nothing is mapped.</summary>
    public required string? Protocol { get; init; }

    /// <summary>The TCP port of the router that leads to ours, or null.</summary>
    public required int? TcpPort { get; init; }

    /// <summary>The UDP port of the router that leads to ours, or null.</summary>
    public required int? UdpPort { get; init; }

    /// <summary>The address that the router says it has outside, or null.</summary>
    public required string? ExternalAddress { get; init; }

    /// <summary>Whether the router lets IPv6 peers through to our port.</summary>
    public required bool OpenOverV6 { get; init; }

    /// <summary>Why nothing is mapped, in words; null if something is, or is not known yet.</summary>
    public required string? Trouble { get; init; }
}
