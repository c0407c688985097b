using System.Numerics;

namespace Freshet.Core.Pieces;

/// <summary>
/// A set of pieces in order of rarity, ties in random order. The pieces that n peers have form bucket n, from the end of bucket n - 1 up to
/// <c>_ends[n]</c>; the position of a piece in the set is <c>_places[piece]</c>.
/// </summary>
/// <remarks>
/// A Have message moves one piece across one bucket boundary by swaps: O(1). Adding or removing a piece moves one piece of every bucket
/// above: O(peers), once per started piece. A full sort is needed only when a peer with many pieces connects or disconnects.
/// </remarks>
internal sealed class RarityOrder(int pieceCount, Random random)
{
    private int[] _pieces = [];
    private int[] _spare = [];
    private int[] _places = [];
    private int[] _ends = new int[1];
    private int _buckets = 1;

    /// <summary>The pieces of the set.</summary>
    public Bitfield Members { get; } = new(pieceCount);

    /// <summary>The number of pieces in the set.</summary>
    public int Count => Members.Count;

    /// <summary>How many of them at least one peer has.</summary>
    public int AvailableCount => Count - _ends[0];

    /// <summary>The pieces, rarest first.</summary>
    public ReadOnlySpan<int> Ranked => _pieces.AsSpan(0, Count);

    /// <summary>Adds a piece with the given availability, at a random position in its bucket.</summary>
    public void Add(PieceIndex piece, int availability)
    {
        if (!Members.Add(piece))
            return;
        Allocate();
        EnsureBucket(availability);
        for (int bucket = _buckets - 1; bucket > availability; bucket--)
        {
            // The first piece of a bucket moves to its end, which frees a position for the bucket below.
            int first = _ends[bucket - 1];
            if (first < _ends[bucket])
                Put(_pieces[first], _ends[bucket]);
            _ends[bucket]++;
        }

        Put(piece.Value, _ends[availability]);
        _ends[availability]++;
        Mix(piece.Value, availability);
    }

    /// <summary>Removes a piece with the given availability.</summary>
    public void Remove(PieceIndex piece, int availability)
    {
        if (!Members.Remove(piece))
            return;
        int hole = _places[piece.Value];
        for (int bucket = availability; bucket < _buckets; bucket++)
        {
            // The last piece of a bucket fills the hole, which leaves its position to the bucket above.
            int last = --_ends[bucket];
            if (last == hole)
                continue;
            Put(_pieces[last], hole);
            hole = last;
        }
    }

    /// <summary>One more peer has a piece; its availability before is given.</summary>
    public void Raise(PieceIndex piece, int availability)
    {
        if (!Members[piece])
            return;
        EnsureBucket(availability + 1);
        Swap(piece.Value, --_ends[availability]);
        Mix(piece.Value, availability + 1);
    }

    /// <summary>One peer fewer has a piece; its availability before is given.</summary>
    public void Lower(PieceIndex piece, int availability)
    {
        if (!Members[piece])
            return;
        Swap(piece.Value, _ends[availability - 1]++);
        Mix(piece.Value, availability - 1);
    }

    /// <summary>One peer fewer has each of the pieces, all of which it had.</summary>
    public void LowerAll()
    {
        if (_buckets == 1)
            return;
        Array.Copy(_ends, 1, _ends, 0, --_buckets);
    }

    /// <summary>Replaces the set, with ties in random order.</summary>
    public void Reset(Bitfield members, ReadOnlySpan<int> availability)
    {
        Members.CopyFrom(members);
        Allocate();
        int count = 0;
        for (PieceIndex? piece = members.FirstAtOrAfter(default); piece is { } found; piece = members.FirstAtOrAfter(new(found.Value + 1)))
            _pieces[count++] = found.Value;
        random.Shuffle(_pieces.AsSpan(0, count));
        Sort(availability);
    }

    /// <summary>Sorts the pieces after many have changed; ties keep their relative order.</summary>
    public void Sort(ReadOnlySpan<int> availability)
    {
        if (Count == 0)
        {
            Array.Clear(_ends);
            return;
        }

        ReadOnlySpan<int> pieces = Ranked;
        int most = 0;
        foreach (int piece in pieces)
            most = Math.Max(most, availability[piece]);
        if (_ends.Length <= most)
            _ends = new int[Math.Max(most + 1, _ends.Length * 2)];
        Array.Clear(_ends);
        _buckets = most + 1;

        // Counting sort: first computes the start of each bucket; filling the bucket turns it into its end.
        foreach (int piece in pieces)
        {
            if (availability[piece] < most)
                _ends[availability[piece] + 1]++;
        }

        for (int bucket = 1; bucket < _buckets; bucket++)
            _ends[bucket] += _ends[bucket - 1];
        foreach (int piece in pieces)
        {
            int place = _ends[availability[piece]]++;
            _spare[place] = piece;
            _places[piece] = place;
        }

        (_pieces, _spare) = (_spare, _pieces);
    }

    /// <summary>Finds the rarest piece that a peer has; for a peer with few rare pieces, the rarest among a sample of its pieces.</summary>
    /// <param name="has">The peer's pieces.</param>
    /// <param name="commonest">Whether to look for the most common piece instead.</param>
    /// <param name="piece">The piece found.</param>
    public bool TryFindRarest(Bitfield has, bool commonest, out PieceIndex piece)
    {
        piece = default;
        if (Count == 0)
            return false;

        // Pieces that only seeds have can be skipped unless this peer is a seed.
        int begin = has.IsFull ? 0 : _ends[0];
        int probes = Math.Min(Count - begin, PieceLimits.PickerProbes);
        for (int i = 0; i < probes; i++)
        {
            piece = new PieceIndex(_pieces[commonest ? Count - 1 - i : begin + i]);
            if (has[piece])
                return true;
        }

        return probes < Count - begin && TryFindAmongIts(has, commonest, out piece);
    }

    /// <summary>Finds a random piece that a peer has.</summary>
    public bool TryFindRandom(Bitfield has, out PieceIndex piece)
    {
        piece = default;
        if (Count == 0)
            return false;
        int begin = random.Next(Count);
        int probes = Math.Min(Count, PieceLimits.PickerProbes);
        for (int i = 0; i < probes; i++)
        {
            int place = begin + i;
            piece = new PieceIndex(_pieces[place < Count ? place : place - Count]);
            if (has[piece])
                return true;
        }

        return probes < Count && TryFindAmongIts(has, commonest: false, out piece);
    }

    // For a peer that has few of the pieces: scans what it has, one word at a time from a random start, and takes the rarest of a limited
    // number.
    private bool TryFindAmongIts(Bitfield has, bool commonest, out PieceIndex piece)
    {
        ReadOnlySpan<ulong> mine = Members.Words;
        ReadOnlySpan<ulong> its = has.Words;
        int bestPlace = -1;
        int left = PieceLimits.PickerProbes;
        int word = random.Next(mine.Length);
        for (int i = 0; i < mine.Length && left > 0; i++)
        {
            for (ulong bits = mine[word] & its[word]; bits != 0; left--)
            {
                int bit = BitOperations.LeadingZeroCount(bits);
                bits &= ~(1UL << (63 - bit));
                int place = _places[(word << 6) + bit];
                if (bestPlace < 0 || place < bestPlace != commonest)
                    bestPlace = place;
            }

            if (++word == mine.Length)
                word = 0;
        }

        piece = bestPlace < 0 ? default : new PieceIndex(_pieces[bestPlace]);
        return bestPlace >= 0;
    }

    // A torrent without priorities uses one of the three orders; the others take no memory.
    private void Allocate()
    {
        if (_pieces.Length != 0)
            return;
        _pieces = new int[Members.Length];
        _spare = new int[Members.Length];
        _places = new int[Members.Length];
    }

    private void EnsureBucket(int availability)
    {
        if (availability >= _ends.Length)
            Array.Resize(ref _ends, Math.Max(availability + 1, _ends.Length * 2));
        for (; _buckets <= availability; _buckets++)
            _ends[_buckets] = _ends[_buckets - 1];
    }

    // Moves a piece to a random position in its bucket, so that ties are broken at random.
    private void Mix(int piece, int availability)
    {
        int begin = availability == 0 ? 0 : _ends[availability - 1];
        Swap(piece, random.Next(begin, _ends[availability]));
    }

    private void Swap(int piece, int place)
    {
        Put(_pieces[place], _places[piece]);
        Put(piece, place);
    }

    private void Put(int piece, int place)
    {
        _pieces[place] = piece;
        _places[piece] = place;
    }
}
