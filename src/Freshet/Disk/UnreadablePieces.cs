using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>
/// The pieces of a torrent that its disk cannot read. The first few each count as lost (a bad sector), and are downloaded again; beyond
/// that the disk itself has failed. Used by any thread.
/// </summary>
internal sealed class UnreadablePieces
{
    // A sector that stays bad however often it is written must not have its piece downloaded for ever.
    private const int MostLosses = 3;

    private readonly HashSet<PieceIndex> _now = [];
    private readonly Dictionary<PieceIndex, int> _losses = [];

    /// <summary>A piece could not be read.</summary>
    public Readability Add(PieceIndex piece)
    {
        lock (_now)
        {
            if (_now.Contains(piece))
                return Readability.KnownAsLost;
            if (_now.Count >= DiskLimits.MaxUnreadablePieces || _losses.GetValueOrDefault(piece) >= MostLosses)
                return Readability.DiskFailed;
            _now.Add(piece);
            _losses[piece] = _losses.GetValueOrDefault(piece) + 1;
            return Readability.PieceLost;
        }
    }

    /// <summary>A piece is on the disk again.</summary>
    public void Remove(PieceIndex piece)
    {
        lock (_now)
            _now.Remove(piece);
    }

    /// <summary>The disk works again: all is counted from zero.</summary>
    public void Clear()
    {
        lock (_now)
        {
            _now.Clear();
            _losses.Clear();
        }
    }
}
