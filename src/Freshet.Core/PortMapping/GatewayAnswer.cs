using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>What a gateway answered by NAT-PMP or PCP.</summary>
internal readonly record struct GatewayAnswer
{
    /// <summary>Null for an answer that is about no mapping: an external address, or a version that is not spoken.</summary>
    public MappedProtocol? Protocol { get; init; }

    /// <summary>0 if it was done; see <see cref="GatewayErrors"/>.</summary>
    public required int Result { get; init; }

    /// <summary>The gateway's own clock in seconds; it begins anew when the gateway forgets its mappings.</summary>
    public uint Epoch { get; init; }

    public int InternalPort { get; init; }

    public int ExternalPort { get; init; }

    /// <summary>How we are seen; null if the answer does not say.</summary>
    public IPAddress? ExternalAddress { get; init; }

    public uint LifetimeSeconds { get; init; }
}
