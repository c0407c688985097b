using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>Options of a <see cref="PortMapper"/>.</summary>
internal sealed record PortMapperOptions
{
    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Our ports of a family, which may change.</summary>
    public required Func<AddressFamily, LocalPorts> Ports { get; init; }

    /// <summary>Receives the external address that the router reports; null if it is not needed.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>Receives exceptions that nobody expects; the mapping goes on.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };

    /// <summary>Finds the router of a family.</summary>
    public required Func<AddressFamily, Gateway?> FindGateway { get; init; }
}
