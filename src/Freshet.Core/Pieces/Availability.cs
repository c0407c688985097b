using System.Numerics;

namespace Freshet.Core.Pieces;

/// <summary>
/// How many connected peers have each piece. A peer with every piece is counted as one seed and nowhere else, so that it costs
/// nothing; whoever gets its last piece becomes one.
/// </summary>
/// <remarks>
/// It also keeps the open pieces (wanted, and not begun) in the order of their rarity, an order for each priority; the ledger says
/// which are open.
/// </remarks>
internal sealed class Availability
{
    private readonly int[] _counts;
    private readonly RarityOrder[] _orders;

    public Availability(int pieceCount, Random random)
    {
        _counts = new int[pieceCount];
        _orders = [new(pieceCount, random), new(pieceCount, random), new(pieceCount, random)];
    }

    /// <summary>Connected peers.</summary>
    public int PeerCount { get; private set; }

    /// <summary>Those that have every piece.</summary>
    public int SeedCount { get; private set; }

    /// <summary>How many connected peers have a piece.</summary>
    public int this[PieceIndex piece] => _counts[piece.Value] + SeedCount;

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

    /// <summary>A peer came with these pieces.</summary>
    public void AddPeer(Bitfield has)
    {
        PeerCount++;
        if (has.IsFull)
            SeedCount++;
        else
            Count(has, 1);
    }

    /// <summary>A peer left that had these pieces.</summary>
    public void RemovePeer(Bitfield has)
    {
        PeerCount--;
        if (has.IsFull)
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

    /// <summary>A piece became open.</summary>
    public void Open(PieceIndex piece, PiecePriority priority) => OrderOf(priority).Add(piece, _counts[piece.Value]);

    /// <summary>A piece is no longer open.</summary>
    public void Close(PieceIndex piece, PiecePriority priority) => OrderOf(priority).Remove(piece, _counts[piece.Value]);

    /// <summary>Makes these the open pieces of a priority, at once.</summary>
    public void OpenOnly(Bitfield pieces, PiecePriority priority) => OrderOf(priority).Reset(pieces, _counts);

    private void Raise(PieceIndex piece)
    {
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
        // Below some share of the pieces, moving each is cheaper than ordering all anew.
        bool few = has.Count < has.Length / 8;
        ReadOnlySpan<ulong> words = has.Words;
        for (int word = 0; word < words.Length; word++)
        {
            for (ulong bits = words[word]; bits != 0;)
            {
                int bit = BitOperations.LeadingZeroCount(bits);
                bits &= ~(1UL << (63 - bit));
                PieceIndex piece = new((word << 6) + bit);
                if (!few)
                    _counts[piece.Value] += by;
                else if (by > 0)
                    Raise(piece);
                else
                    Lower(piece);
            }
        }

        if (few)
            return;
        foreach (RarityOrder order in _orders)
            order.Sort(_counts);
    }
}
