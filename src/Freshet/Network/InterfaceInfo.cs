using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Network;

/// <summary>A network interface of this machine at one moment.</summary>
internal sealed record InterfaceInfo
{
    public required string Name { get; init; }

    /// <summary>Its number, which an interface of the same name that comes later does not have.</summary>
    public required int Index { get; init; }

    /// <summary>Whether it is switched on and has a line.</summary>
    public required bool IsUp { get; init; }

    public bool IsLoopback { get; init; }

    /// <summary>Whether there can be multicast.</summary>
    public bool CanMulticast { get; init; }

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>
    /// The address of a family to send from; null if there is none. One of a single link is only taken of IPv4, since one of IPv6 reaches
    /// nobody without naming the interface.
    /// </summary>
    public IPAddress? Best(AddressFamily family)
    {
        IPAddress? best = null;
        foreach (IPAddress address in Addresses)
        {
            if (address.AddressFamily == family && RankOf(address) > (best is null ? 0 : RankOf(best)))
                best = address;
        }

        return best;
    }

    private static int RankOf(IPAddress address) => AddressScopes.Of(address) switch
    {
        AddressScope.Public => 4,
        AddressScope.Private => 3,
        AddressScope.Loopback => 2,
        AddressScope.LinkLocal when address.AddressFamily == AddressFamily.InterNetwork => 1,
        _ => 0,
    };
}
