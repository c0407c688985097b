using System.Runtime.InteropServices;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>
/// The connected peers. No two from one network have the same peer id; from different networks they may, since anybody can copy an id and
/// must not keep its owner out by it.
/// </summary>
internal sealed class PeerSet
{
    private readonly Dictionary<PeerKey, Peer> _byKey = [];
    private readonly Dictionary<(PeerId Id, Origin Network), Peer> _byId = [];
    private readonly Dictionary<Origin, int> _ofNetwork = [];
    private readonly List<Peer> _all = [];

    public int Count => _all.Count;

    /// <summary>
    /// All of them. Walk it from the end when the walk may drop peers: the one that takes a dropped peer's place was walked already.
    /// </summary>
    public IReadOnlyList<Peer> All => _all;

    /// <summary>Those that want to request of us.</summary>
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

    /// <summary>Those that have every piece.</summary>
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

    /// <summary>How many are of a network.</summary>
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
