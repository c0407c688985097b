using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Our own address as the peers of a torrent see it, which we cannot know behind a router. On the internet it is the address that the
/// session believes; on local networks, the one reported by most of the peers that we dialled. Incoming peers do not count, since anyone
/// could open any number of connections.
/// </summary>
/// <param name="port">Our listening port.</param>
/// <param name="session">The session's external addresses; null if it does not track them.</param>
internal sealed class OwnAddress(int port, IExternalAddresses? session = null)
{
    private const int MostCandidates = 16;

    // Created for the first peer: most torrents at rest never have one.
    private Dictionary<IPAddress, int> Votes => field ??= [];

    /// <summary>A peer that we dialled reported our address (BEP 10, yourip).</summary>
    public void OnTold(IPAddress address, IPAddress teller)
    {
        session?.Hear(address, ExternalAddressSources.Peers, Origin.OfNetwork(teller));
        if (Votes.Count < MostCandidates || Votes.ContainsKey(address))
            Votes[address] = Votes.GetValueOrDefault(address) + 1;
    }

    /// <summary>Our end point as a peer sees it: the most reported address of the peer's family, or none of that family.</summary>
    public IPEndPoint SeenFrom(IPEndPoint peer) => Find(peer)
        ?? new IPEndPoint(peer.Address.MapToIPv6().IsIPv4MappedToIPv6 ? IPAddress.Any : IPAddress.IPv6Any, port);

    /// <summary>The same; null if nobody has reported an address of the peer's family.</summary>
    public IPEndPoint? Find(IPEndPoint peer)
    {
        bool isV4 = peer.Address.MapToIPv6().IsIPv4MappedToIPv6;
        if (AddressScopes.Of(peer.Address) == AddressScope.Public && session?.Find(!isV4) is { } believed)
            return new IPEndPoint(believed.Address, port);
        IPAddress? best = null;
        int most = 0;
        foreach ((IPAddress address, int votes) in Votes)
        {
            if (votes > most && address.MapToIPv6().IsIPv4MappedToIPv6 == isV4)
                (best, most) = (address, votes);
        }

        return best is null ? null : new IPEndPoint(best, port);
    }
}
