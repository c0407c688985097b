using System.Numerics;
using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// Peers of one family and role, unordered and without gaps, so that drawing a random one costs nothing. The index contains exactly the
/// peers of the list with their positions, and they are counted in the totals. A general dictionary would take as much memory again for
/// each peer.
/// </summary>
internal sealed class PeerTable(SwarmTotals totals, int kind)
{
    // Below this it is not worth giving memory back.
    private const int SmallLength = 8;

    private readonly bool _isV6 = kind >= SwarmTotals.Roles;
    private PackedPeer[] _peers = new PackedPeer[2];

    // The length is a power of two, at most two thirds full: positions plus one, 0 for empty, each at its hash or in the next free slots
    // after it.
    private int[] _index = new int[4];

    public int Count { get; private set; }

    public SwarmPeer this[int place] => _peers[place].Unpack(_isV6);

    public PeerAddress AddressAt(int place) => _peers[place].AddressIn(_isV6);

    public SwarmPeer? Find(PeerAddress address) => SlotOf(address) is >= 0 and var slot ? this[_index[slot] - 1] : null;

    public void Put(in SwarmPeer peer)
    {
        if (SlotOf(peer.Address) is >= 0 and var slot)
        {
            _peers[_index[slot] - 1] = PackedPeer.From(peer);
            return;
        }

        if (Count == _peers.Length)
            Array.Resize(ref _peers, Count + Math.Max(2, Count / 4));
        _peers[Count++] = PackedPeer.From(peer);
        if (3 * Count > 2 * _index.Length)
            BuildIndex();
        else
            AddToIndex(Count - 1);
        totals.Add(kind, 1);
    }

    public bool Remove(PeerAddress address)
    {
        if (SlotOf(address) is not (>= 0 and var slot))
            return false;
        int place = _index[slot] - 1;
        RemoveFromIndex(slot);
        totals.Add(kind, -1);
        int last = --Count;
        if (place < last)
        {
            _index[SlotOf(AddressAt(last))] = place + 1;
            _peers[place] = _peers[last];
        }

        if (_peers.Length > SmallLength && Count < _peers.Length / 4)
            Shrink();
        return true;
    }

    /// <summary>The table is no longer used.</summary>
    public void Drop() => totals.Add(kind, -Count);

    /// <summary>Removes the peers last heard from at that time or before; each is reported.</summary>
    public void RemoveSilentSince(Timestamp moment, Action<PeerAddress> removed)
    {
        // Backwards, since a removal fills its gap from the end.
        for (int place = Count - 1; place >= 0; place--)
        {
            if (_peers[place].LastSeen > moment)
                continue;
            PeerAddress address = AddressAt(place);
            Remove(address);
            removed(address);
        }
    }

    // A swarm's greatest moment must not be kept for ever: peers turn from leechers to seeds, or leave all but one of many torrents.
    private void Shrink()
    {
        Array.Resize(ref _peers, Math.Max(2 * Count, SmallLength));
        BuildIndex();
    }

    private int HomeOf(PeerAddress address) => KeyedHash.Instance.GetHashCode(address) & (_index.Length - 1);

    private int Next(int slot) => (slot + 1) & (_index.Length - 1);

    private int SlotOf(PeerAddress address)
    {
        for (int slot = HomeOf(address); _index[slot] != 0; slot = Next(slot))
        {
            if (_peers[_index[slot] - 1].Is(address))
                return slot;
        }

        return -1;
    }

    private void AddToIndex(int place)
    {
        int slot = HomeOf(AddressAt(place));
        while (_index[slot] != 0)
            slot = Next(slot);
        _index[slot] = place + 1;
    }

    private void BuildIndex()
    {
        _index = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * Count, SmallLength / 2))];
        for (int place = 0; place < Count; place++)
            AddToIndex(place);
    }

    // Later entries move up, unless that would put them before their home slot.
    private void RemoveFromIndex(int hole)
    {
        int mask = _index.Length - 1;
        for (int slot = Next(hole); _index[slot] != 0; slot = Next(slot))
        {
            int home = HomeOf(AddressAt(_index[slot] - 1));
            if (((slot - home) & mask) < ((slot - hole) & mask))
                continue;
            _index[hole] = _index[slot];
            hole = slot;
        }

        _index[hole] = 0;
    }
}
