using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>What a <see cref="PortMapper"/> is made of.</summary>
internal sealed record PortMapperOptions
{
    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where we listen, over TCP and UDP alike.</summary>
    public required Func<int> Port { get; init; }

    /// <summary>Hears which address the router says it has; null if nobody is interested.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>Says which router a family has.</summary>
    public required Func<AddressFamily, Gateway?> FindGateway { get; init; }
}
