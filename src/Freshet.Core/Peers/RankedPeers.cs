namespace Freshet.Core.Peers;

/// <summary>
/// Known addresses by rank, the lowest first. A binary heap in which each address knows its place, so that one is added, taken or removed
/// in a time that grows with the logarithm of their number: whoever names thousands has no list scanned for each. An address is in one of
/// these at a time.
/// </summary>
internal sealed class RankedPeers
{
    private readonly List<KnownPeer> _heap = [];

    public int Count => _heap.Count;

    /// <summary>The address with the lowest rank; null if there is none.</summary>
    public KnownPeer? First => _heap.Count > 0 ? _heap[0] : null;

    /// <summary>The lowest rank; null if there is no address.</summary>
    public long? FirstRank => First?.Rank;

    public void Add(KnownPeer peer, long rank)
    {
        peer.Rank = rank;
        _heap.Add(peer);
        Rise(peer, _heap.Count - 1);
    }

    /// <summary>Takes the address with the lowest rank; null if there is none.</summary>
    public KnownPeer? Take()
    {
        KnownPeer? first = First;
        if (first is not null)
            Remove(first);
        return first;
    }

    /// <summary>Removes an address that is in it.</summary>
    public void Remove(KnownPeer peer)
    {
        int place = peer.RankPlace;
        KnownPeer last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (last == peer)
            return;

        // The last one fills the gap, and goes up or down from there.
        if (last.Rank < peer.Rank)
            Rise(last, place);
        else
            Sink(last, place);
    }

    private void Rise(KnownPeer peer, int place)
    {
        while (place > 0 && peer.Rank < _heap[(place - 1) / 2].Rank)
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(peer, place);
    }

    private void Sink(KnownPeer peer, int place)
    {
        while (true)
        {
            int child = (2 * place) + 1;
            if (child + 1 < _heap.Count && _heap[child + 1].Rank < _heap[child].Rank)
                child++;
            if (child >= _heap.Count || peer.Rank <= _heap[child].Rank)
                break;
            Put(_heap[child], place);
            place = child;
        }

        Put(peer, place);
    }

    private void Put(KnownPeer peer, int place)
    {
        _heap[place] = peer;
        peer.RankPlace = place;
    }
}
