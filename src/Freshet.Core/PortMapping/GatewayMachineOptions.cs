using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>The settings of a <see cref="GatewayMachine"/>.</summary>
internal sealed record GatewayMachineOptions
{
    /// <summary>Our address as the gateway sees it; its family is that of the mappings.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>Twelve random bytes by which the gateway distinguishes our mappings from those of others (PCP).</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>Spreads renewals, so that the machines of a network do not renew all at once.</summary>
    public required Random Random { get; init; }
}
