namespace Freshet.Core.Pieces;

/// <summary>
/// How many connected peers have each piece. A peer with every piece is counted only as a seed, at no cost per piece; a peer that gets its
/// last piece becomes a seed.
/// </summary>
/// <remarks>
/// It also keeps the open pieces (wanted and not started) in order of rarity, with one order per priority; the ledger says which pieces are
/// open. Per-piece data serves downloading, and exists only from <see cref="Begin"/> to <see cref="End"/>.
/// </remarks>
internal sealed class Availability(int pieceCount, Random random)
{
    private int[] _counts = [];
    private RarityOrder[] _orders = [];

    /// <summary>Whether pieces are counted, which they are while the torrent downloads.</summary>
    public bool IsCounting => _orders.Length > 0;

    /// <summary>The number of connected peers.</summary>
    public int PeerCount { get; private set; }

    /// <summary>The number of connected seeds.</summary>
    public int SeedCount { get; private set; }

    /// <summary>How many connected peers have a piece; while pieces are not counted, only seeds are included.</summary>
    public int this[PieceIndex piece] => IsCounting ? _counts[piece.Value] + SeedCount : SeedCount;

    /// <summary>Whether a connected peer has any open piece.</summary>
    public bool AnyOpen
    {
        get
        {
            foreach (RarityOrder order in _orders)
            {
                if (order.AvailableCount > 0 || (SeedCount > 0 && order.Count > 0))
                    return true;
            }

            return false;
        }
    }

    /// <summary>The open pieces of a priority, rarest first.</summary>
    public RarityOrder OrderOf(PiecePriority priority) => _orders[(int)priority - 1];

    /// <summary>Computes how well the pieces are spread.</summary>
    /// <param name="have">The pieces that we have.</param>
    /// <param name="missing">The pieces that are missing and wanted.</param>
    public Spread SpreadOf(Bitfield have, Bitfield missing)
    {
        if (!IsCounting)
            return new Spread(null, SeedCount + (have.IsFull ? 1 : 0));
        int least = int.MaxValue;
        int leastMissing = int.MaxValue;
        int above = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            PieceIndex piece = new(i);
            int count = _counts[i] + (have[piece] ? 1 : 0);
            if (missing[piece])
                leastMissing = Math.Min(leastMissing, _counts[i]);
            above = count < least ? i : above + (count > least ? 1 : 0);
            least = Math.Min(least, count);
        }

        int? rarest = missing.Count > 0 ? leastMissing + SeedCount : null;
        return new Spread(rarest, least == int.MaxValue ? 0 : SeedCount + least + ((double)above / _counts.Length));
    }

    /// <summary>Begins to count, with the currently connected peers. No piece is open yet.</summary>
    public void Begin(IEnumerable<Bitfield> peers)
    {
        _counts = new int[pieceCount];
        foreach (Bitfield has in peers)
        {
            if (!has.IsFull)
                Add(has, 1);
        }

        _orders = new RarityOrder[(int)PiecePriority.Edge];
        for (int i = 0; i < _orders.Length; i++)
            _orders[i] = new RarityOrder(pieceCount, random);
    }

    /// <summary>Stops counting and releases the memory for it.</summary>
    public void End()
    {
        _counts = [];
        _orders = [];
    }

    /// <summary>A peer with these pieces has connected.</summary>
    public void AddPeer(Bitfield has)
    {
        PeerCount++;
        if (IsSeed(has))
            SeedCount++;
        else
            Count(has, 1);
    }

    /// <summary>A peer with these pieces has disconnected.</summary>
    public void RemovePeer(Bitfield has)
    {
        PeerCount--;
        if (IsSeed(has))
            SeedCount--;
        else
            Count(has, -1);
    }

    /// <summary>A connected peer has a new piece, which is added to its set; false if it had reported the piece before.</summary>
    public bool AddHave(Bitfield has, PieceIndex piece)
    {
        if (!has.Add(piece))
            return false;
        Raise(piece);
        if (has.IsFull)
            TurnIntoSeed();
        return true;
    }

    /// <summary>A connected peer has lost a piece, which is removed from its set; false if it had not reported the piece.</summary>
    public bool RemoveHave(Bitfield has, PieceIndex piece)
    {
        bool wasSeed = IsSeed(has);
        if (!has.Remove(piece))
            return false;
        if (wasSeed)
        {
            SeedCount--;
            Count(has, 1);
        }
        else if (IsCounting)
        {
            Lower(piece);
        }

        return true;
    }

    /// <summary>A piece has become open.</summary>
    public void Open(PieceIndex piece, PiecePriority priority)
    {
        if (IsCounting)
            OrderOf(priority).Add(piece, _counts[piece.Value]);
    }

    /// <summary>A piece is no longer open.</summary>
    public void Close(PieceIndex piece, PiecePriority priority)
    {
        if (IsCounting)
            OrderOf(priority).Remove(piece, _counts[piece.Value]);
    }

    /// <summary>Replaces the open pieces of a priority in one step.</summary>
    public void OpenOnly(Bitfield pieces, PiecePriority priority) => OrderOf(priority).Reset(pieces, _counts);

    // A torrent without known pieces has no seeds.
    private static bool IsSeed(Bitfield has) => has.IsFull && has.Length > 0;

    private void Raise(PieceIndex piece)
    {
        if (!IsCounting)
            return;
        int count = _counts[piece.Value]++;
        foreach (RarityOrder order in _orders)
            order.Raise(piece, count);
    }

    private void Lower(PieceIndex piece)
    {
        int count = _counts[piece.Value]--;
        foreach (RarityOrder order in _orders)
            order.Lower(piece, count);
    }

    // Every count falls by one, so the orders stay valid.
    private void TurnIntoSeed()
    {
        SeedCount++;
        for (int i = 0; i < _counts.Length; i++)
            _counts[i]--;
        foreach (RarityOrder order in _orders)
            order.LowerAll();
    }

    private void Count(Bitfield has, int by)
    {
        if (!IsCounting || has.Count == 0)
            return;

        // Below a certain share of the open pieces, moving each is cheaper than sorting all again.
        int open = 0;
        foreach (RarityOrder order in _orders)
            open += order.Count;
        if (has.Count < open / 8)
        {
            Move(has, by);
            return;
        }

        Add(has, by);
        foreach (RarityOrder order in _orders)
            order.Sort(_counts);
    }

    private void Move(Bitfield has, int by)
    {
        for (PieceIndex? next = has.FirstAtOrAfter(default); next is { } piece; next = has.FirstAtOrAfter(new(piece.Value + 1)))
        {
            if (by > 0)
                Raise(piece);
            else
                Lower(piece);
        }
    }

    // Eight pieces at a time, without branches: a peer's bits are as good as random, and each mispredicted branch would cost as much as ten
    // additions.
    private void Add(Bitfield has, int by)
    {
        ReadOnlySpan<ulong> words = has.Words;
        for (int word = 0; word < words.Length; word++)
        {
            ulong bits = words[word];
            if (bits == 0)
                continue;
            Span<int> counts = _counts.AsSpan(word << 6);
            if (counts.Length > 64)
                counts = counts[..64];
            for (int i = 0; i < counts.Length; i++)
                counts[i] += by & -(int)((bits >> (63 - i)) & 1);
        }
    }
}
