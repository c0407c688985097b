using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Dht;

/// <summary>The settings of a <see cref="DhtMachine"/> that never change.</summary>
internal sealed record DhtMachineOptions
{
    /// <summary>Whether there is a socket for IPv4.</summary>
    public bool HasV4 { get; init; } = true;

    /// <summary>Whether there is a socket for IPv6.</summary>
    public bool HasV6 { get; init; }

    /// <summary>Whether to query and answer nodes on all private networks and on this machine.</summary>
    public bool AllowsLocal { get; init; }

    /// <summary>Networks that are not of the internet whose nodes are queried and answered nevertheless.</summary>
    public ImmutableArray<IPNetwork> LocalNetworks { get; init; } = [];

    /// <summary>Whether addresses can stand in for names that only a proxy resolves (<see cref="NodeAddress.IsStandIn"/>).</summary>
    public bool HasStandIns { get; init; }

    /// <summary>Whether to ignore nodes whose id does not match their address (BEP 42).</summary>
    public bool EnforcesIds { get; init; }

    /// <summary>Whether we only query and do not answer (BEP 43).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>
    /// Receives the reports of our address by nodes, and supplies the address for our id; null for a vote among nodes only.
    /// </summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>The state saved by an earlier run.</summary>
    public DhtMemory Memory { get; init; } = DhtMemory.Empty;

    /// <summary>Whether nodes and peers at an address may be contacted and answered.</summary>
    public bool Allows(NodeAddress address)
    {
        if (address.IsReachable(AllowsLocal))
            return true;
        if (LocalNetworks.IsEmpty || !address.IsReachable(allowsLocal: true))
            return false;
        IPAddress plain = address.ToEndPoint().Address;
        return LocalNetworks.Any(network => network.Contains(plain));
    }
}
