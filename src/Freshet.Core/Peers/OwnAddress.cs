using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Our own address as the peers of a torrent see it, which we cannot know behind a router. On the internet it is the one that the session
/// believes; on local networks, what most of the peers that we dialled say: who dials us could be anybody in any number.
/// </summary>
/// <param name="port">Where we listen.</param>
/// <param name="session">What the session believes; null if it keeps nothing.</param>
internal sealed class OwnAddress(int port, IExternalAddresses? session = null)
{
    private const int MostCandidates = 16;

    private readonly Dictionary<IPAddress, int> _votes = [];

    /// <summary>A peer that we dialled told how it sees us (BEP 10, yourip).</summary>
    public void OnTold(IPAddress address, IPAddress teller)
    {
        session?.Hear(address, ExternalAddressSources.Peers, Origin.OfNetwork(teller));
        if (_votes.Count < MostCandidates || _votes.ContainsKey(address))
            _votes[address] = _votes.GetValueOrDefault(address) + 1;
    }

    /// <summary>Where a peer sees us: the address of its family that was told most often, else none of the family.</summary>
    public IPEndPoint SeenFrom(IPEndPoint peer)
    {
        bool isV4 = peer.Address.MapToIPv6().IsIPv4MappedToIPv6;
        if (AddressScopes.Of(peer.Address) == AddressScope.Public && session?.Find(!isV4) is { } believed)
            return new IPEndPoint(believed.Address, port);
        IPAddress best = isV4 ? IPAddress.Any : IPAddress.IPv6Any;
        int most = 0;
        foreach ((IPAddress address, int votes) in _votes)
        {
            if (votes > most && address.MapToIPv6().IsIPv4MappedToIPv6 == isV4)
                (best, most) = (address, votes);
        }

        return new IPEndPoint(best, port);
    }
}
