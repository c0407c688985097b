using System.Runtime.InteropServices;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The connected peers. No two peers from one network have the same peer id. Peers from different networks may, since anyone can copy an id
/// and must not be able to keep its owner out.
/// </summary>
internal sealed class PeerSet
{
    // Created for the first peer: most torrents at rest never have one.
    private Dictionary<PeerKey, Peer> ByKey => field ??= [];
    private Dictionary<(PeerId Id, Origin Network), Peer> ById => field ??= [];
    private Dictionary<Origin, int> OfNetwork => field ??= [];
    private readonly List<Peer> _all = [];

    public int Count => _all.Count;

    /// <summary>
    /// All peers. Iterate backwards if the loop may drop peers: the peer that takes a dropped one's place has been visited already.
    /// </summary>
    public IReadOnlyList<Peer> All => _all;

    /// <summary>The number of peers that are interested in us.</summary>
    public int InterestedCount
    {
        get
        {
            int count = 0;
            foreach (Peer peer in _all)
                count += peer.Uploads.IsInterested ? 1 : 0;
            return count;
        }
    }

    /// <summary>The number of peers that are seeds.</summary>
    public int SeedCount
    {
        get
        {
            int count = 0;
            foreach (Peer peer in _all)
                count += peer.IsSeed ? 1 : 0;
            return count;
        }
    }

    public Peer? Find(PeerKey key) => ByKey.GetValueOrDefault(key);

    public Peer? Find(PeerId id, Origin network) => ById.GetValueOrDefault((id, network));

    /// <summary>The number of peers from a network.</summary>
    public int CountOf(Origin network) => OfNetwork.GetValueOrDefault(network);

    public void Add(Peer peer)
    {
        ByKey.Add(peer.Key, peer);
        ById.Add((peer.Id, peer.Network), peer);
        CollectionsMarshal.GetValueRefOrAddDefault(OfNetwork, peer.Network, out _)++;
        _all.Add(peer);
    }

    public void Remove(Peer peer)
    {
        ByKey.Remove(peer.Key);
        ById.Remove((peer.Id, peer.Network));
        if (--OfNetwork[peer.Network] == 0)
            OfNetwork.Remove(peer.Network);
        int place = _all.IndexOf(peer);
        _all[place] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
    }
}
