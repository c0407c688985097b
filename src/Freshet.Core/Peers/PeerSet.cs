using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>The connected peers. No two have the same peer id.</summary>
internal sealed class PeerSet
{
    private readonly Dictionary<PeerKey, Peer> _byKey = [];
    private readonly Dictionary<PeerId, Peer> _byId = [];
    private readonly List<Peer> _all = [];

    public int Count => _all.Count;

    /// <summary>
    /// All of them. Walk it from the end when the walk may drop peers: the one that takes a dropped peer's place was walked already.
    /// </summary>
    public IReadOnlyList<Peer> All => _all;

    public Peer? Find(PeerKey key) => _byKey.GetValueOrDefault(key);

    public Peer? Find(PeerId id) => _byId.GetValueOrDefault(id);

    public void Add(Peer peer)
    {
        _byKey.Add(peer.Key, peer);
        _byId.Add(peer.Id, peer);
        _all.Add(peer);
    }

    public void Remove(Peer peer)
    {
        _byKey.Remove(peer.Key);
        _byId.Remove(peer.Id);
        int place = _all.IndexOf(peer);
        _all[place] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
    }
}
