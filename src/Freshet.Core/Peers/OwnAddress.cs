using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Our own address as others see it, which we cannot know behind a router. What most of the peers that we dialled say is believed: who
/// dials us could be anybody in any number.
/// </summary>
internal sealed class OwnAddress(int port)
{
    private const int MostCandidates = 16;

    private readonly Dictionary<IPAddress, int> _votes = [];

    /// <summary>A peer that we dialled told how it sees us (BEP 10, yourip).</summary>
    public void OnTold(IPAddress address)
    {
        if (_votes.Count < MostCandidates || _votes.ContainsKey(address))
            _votes[address] = _votes.GetValueOrDefault(address) + 1;
    }

    /// <summary>Where a peer sees us: the address of its family that was told most often, else none of the family.</summary>
    public IPEndPoint SeenFrom(IPEndPoint peer)
    {
        bool isV4 = peer.Address.MapToIPv6().IsIPv4MappedToIPv6;
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
