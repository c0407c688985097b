using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>What a <see cref="GatewayMachine"/> begins with.</summary>
internal sealed record GatewayMachineOptions
{
    /// <summary>Our address, from which the gateway hears us; its family is that of the mappings.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>Twelve random bytes, by which the gateway knows our mappings from those of others (PCP).</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>Spreads renewals, so that all machines of a network do not come at once.</summary>
    public required Random Random { get; init; }
}
