using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>A gateway's response over NAT-PMP or PCP.</summary>
internal readonly record struct GatewayAnswer
{
    /// <summary>
    /// The protocol of the mapping; null for a response that is not about a mapping: an external address, or an unsupported version.
    /// </summary>
    public MappedProtocol? Protocol { get; init; }

    /// <summary>0 on success; see <see cref="GatewayErrors"/>.</summary>
    public required int Result { get; init; }

    /// <summary>The gateway's own clock in seconds; it restarts when the gateway loses its mappings.</summary>
    public uint Epoch { get; init; }

    public int InternalPort { get; init; }

    public int ExternalPort { get; init; }

    /// <summary>Our external address; null if the response does not contain it.</summary>
    public IPAddress? ExternalAddress { get; init; }

    public uint LifetimeSeconds { get; init; }
}
