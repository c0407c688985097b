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
    private readonly Dictionary<PeerKey, Peer> _byKey = [];
    private readonly Dictionary<(PeerId Id, Origin Network), Peer> _byId = [];
    private readonly Dictionary<Origin, int> _ofNetwork = [];
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

    public Peer? Find(PeerKey key) => _byKey.GetValueOrDefault(key);

    public Peer? Find(PeerId id, Origin network) => _byId.GetValueOrDefault((id, network));

    /// <summary>The number of peers from a network.</summary>
    public int CountOf(Origin network) => _ofNetwork.GetValueOrDefault(network);

    public void Add(Peer peer)
    {
        _byKey.Add(peer.Key, peer);
        _byId.Add((peer.Id, peer.Network), peer);
        CollectionsMarshal.GetValueRefOrAddDefault(_ofNetwork, peer.Network, out _)++;
        _all.Add(peer);
    }

    public void Remove(Peer peer)
    {
        _byKey.Remove(peer.Key);
        _byId.Remove((peer.Id, peer.Network));
        if (--_ofNetwork[peer.Network] == 0)
            _ofNetwork.Remove(peer.Network);
        int place = _all.IndexOf(peer);
        _all[place] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
    }
}
