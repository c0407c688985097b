using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Network;

/// <summary>A network interface of this machine at one moment.</summary>
internal sealed record InterfaceInfo
{
    public required string Name { get; init; }

    /// <summary>Its index, which a later interface of the same name does not have.</summary>
    public required int Index { get; init; }

    /// <summary>Whether it is enabled and has a link.</summary>
    public required bool IsUp { get; init; }

    public bool IsLoopback { get; init; }

    /// <summary>Whether there can be multicast.</summary>
    public bool CanMulticast { get; init; }

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>
    /// The address of a family to send from; null if there is none. A link-local address is used only for IPv4, since an IPv6 one reaches
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
