namespace Freshet.Core.Pieces;

/// <summary>
/// How many connected peers have each piece. A peer with every piece is counted as one seed and nowhere else, so that it costs
/// nothing; whoever gets its last piece becomes one.
/// </summary>
/// <remarks>
/// It also keeps the open pieces (wanted, and not begun) in the order of their rarity, an order for each priority; the ledger says
/// which are open. All that is by piece serves downloading, and is there from <see cref="Begin"/> to <see cref="End"/> only.
/// </remarks>
internal sealed class Availability(int pieceCount, Random random)
{
    private int[] _counts = [];
    private RarityOrder[] _orders = [];

    /// <summary>Whether pieces are counted: the torrent downloads.</summary>
    public bool IsCounting => _orders.Length > 0;

    /// <summary>Connected peers.</summary>
    public int PeerCount { get; private set; }

    /// <summary>Those that have every piece.</summary>
    public int SeedCount { get; private set; }

    /// <summary>How many connected peers have a piece; only the seeds are known of while pieces are not counted.</summary>
    public int this[PieceIndex piece] => IsCounting ? _counts[piece.Value] + SeedCount : SeedCount;

    /// <summary>Whether there is an open piece that a connected peer has.</summary>
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

    /// <summary>The open pieces of a priority, the rarest first.</summary>
    public RarityOrder OrderOf(PiecePriority priority) => _orders[(int)priority - 1];

    /// <summary>How well the pieces are spread.</summary>
    /// <param name="have">Those that we have.</param>
    /// <param name="missing">Those that are missing and wanted.</param>
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

    /// <summary>Begins to count, with the peers that there are. No piece is open yet.</summary>
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

    /// <summary>Counts no longer, and lets go of the memory for it.</summary>
    public void End()
    {
        _counts = [];
        _orders = [];
    }

    /// <summary>A peer came with these pieces.</summary>
    public void AddPeer(Bitfield has)
    {
        PeerCount++;
        if (IsSeed(has))
            SeedCount++;
        else
            Count(has, 1);
    }

    /// <summary>A peer left that had these pieces.</summary>
    public void RemovePeer(Bitfield has)
    {
        PeerCount--;
        if (IsSeed(has))
            SeedCount--;
        else
            Count(has, -1);
    }

    /// <summary>A connected peer got a piece, which is added to its set; false if it had said so before.</summary>
    public bool AddHave(Bitfield has, PieceIndex piece)
    {
        if (!has.Add(piece))
            return false;
        Raise(piece);
        if (has.IsFull)
            TurnIntoSeed();
        return true;
    }

    /// <summary>A connected peer lost a piece, which is taken out of its set; false if it had not said that it has it.</summary>
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

    /// <summary>A piece became open.</summary>
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

    /// <summary>Makes these the open pieces of a priority, at once.</summary>
    public void OpenOnly(Bitfield pieces, PiecePriority priority) => OrderOf(priority).Reset(pieces, _counts);

    // Of a torrent that is not known to have pieces, nobody is a seed.
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

    // Each count falls by one, and so the orders stay as they are.
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

        // Below some share of the open pieces, moving each is cheaper than ordering all anew.
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

    // Eight pieces at a time, without a branch: a peer's bits are as good as random, and each that is guessed wrong would cost as much as
    // ten.
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
