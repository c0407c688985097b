using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// Peers without order and without gaps, so that one drawn at random costs nothing. The index holds exactly the peers of the
/// list, each with its place.
/// </summary>
internal sealed class PeerTable
{
    private readonly Dictionary<PeerAddress, int> _places = [];
    private readonly List<SwarmPeer> _peers = [];

    public int Count => _peers.Count;

    public SwarmPeer this[int place] => _peers[place];

    public bool Contains(PeerAddress address) => _places.ContainsKey(address);

    public void Put(in SwarmPeer peer)
    {
        if (_places.TryAdd(peer.Address, _peers.Count))
            _peers.Add(peer);
        else
            _peers[_places[peer.Address]] = peer;
    }

    public bool Remove(PeerAddress address)
    {
        if (!_places.Remove(address, out int place))
            return false;
        SwarmPeer last = _peers[^1];
        _peers.RemoveAt(_peers.Count - 1);
        if (place < _peers.Count)
        {
            _peers[place] = last;
            _places[last.Address] = place;
        }

        return true;
    }

    /// <summary>Forgets those that were last heard of at that moment or before.</summary>
    public void RemoveSilentSince(Timestamp moment)
    {
        // Backwards, since a removal fills its gap from the end.
        for (int place = _peers.Count - 1; place >= 0; place--)
        {
            if (_peers[place].LastSeen <= moment)
                Remove(_peers[place].Address);
        }
    }
}
