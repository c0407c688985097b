using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// Peers without order and without gaps, so that one drawn at random costs nothing. The index holds exactly the peers of the
/// list, each with its place, and they are counted in the totals.
/// </summary>
internal sealed class PeerTable(SwarmTotals totals, int kind)
{
    private readonly Dictionary<PeerAddress, int> _places = new(KeyedHash.Instance);
    private readonly List<SwarmPeer> _peers = [];

    public int Count => _peers.Count;

    public SwarmPeer this[int place] => _peers[place];

    public SwarmPeer? Find(PeerAddress address) => _places.TryGetValue(address, out int place) ? _peers[place] : null;

    public void Put(in SwarmPeer peer)
    {
        if (!_places.TryAdd(peer.Address, _peers.Count))
        {
            _peers[_places[peer.Address]] = peer;
            return;
        }

        _peers.Add(peer);
        totals.Add(kind, 1);
    }

    public bool Remove(PeerAddress address)
    {
        if (!_places.Remove(address, out int place))
            return false;
        totals.Add(kind, -1);
        SwarmPeer last = _peers[^1];
        _peers.RemoveAt(_peers.Count - 1);
        if (place < _peers.Count)
        {
            _peers[place] = last;
            _places[last.Address] = place;
        }

        return true;
    }

    /// <summary>The table is used no more.</summary>
    public void Drop() => totals.Add(kind, -_peers.Count);

    /// <summary>Forgets those that were last heard of at that moment or before; each is reported.</summary>
    public void RemoveSilentSince(Timestamp moment, Action<PeerAddress> removed)
    {
        // Backwards, since a removal fills its gap from the end.
        for (int place = _peers.Count - 1; place >= 0; place--)
        {
            PeerAddress address = _peers[place].Address;
            if (_peers[place].LastSeen > moment)
                continue;
            Remove(address);
            removed(address);
        }
    }
}
