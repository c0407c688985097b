using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>
/// The pieces somebody waits for, in the order of when: a window that moves on while a file is streamed. At most
/// <see cref="PieceLimits.MaxDeadlines"/>.
/// </summary>
internal sealed class PieceDeadlines
{
    private readonly List<PieceDeadline> _all = [];

    public int Count => _all.Count;

    /// <summary>The deadlines, the earliest first.</summary>
    public ReadOnlySpan<PieceDeadline> All => CollectionsMarshal.AsSpan(_all);

    /// <summary>Whether a piece is among the first of those that are waited for.</summary>
    public bool IsAmongFirst(PieceIndex piece)
    {
        int place = _all.FindIndex(deadline => deadline.Piece == piece);
        return place >= 0 && place < PieceLimits.MaxDuplicatedPieces;
    }

    /// <summary>The first deadline after a moment; never if there is none.</summary>
    public Timestamp FirstAfter(Timestamp moment)
    {
        foreach (PieceDeadline deadline in _all)
        {
            if (deadline.Due > moment)
                return deadline.Due;
        }

        return Timestamp.Never;
    }

    /// <summary>Sets or moves a piece's deadline; false if there are too many already.</summary>
    public bool Set(PieceIndex piece, Timestamp due)
    {
        Clear(piece);
        if (_all.Count == PieceLimits.MaxDeadlines)
            return false;
        PieceDeadline deadline = new(due, piece);
        int place = _all.BinarySearch(deadline);
        _all.Insert(place < 0 ? ~place : place, deadline);
        return true;
    }

    /// <summary>Takes a piece's deadline away; false if it had none.</summary>
    public bool Clear(PieceIndex piece)
    {
        int place = 0;
        while (place < _all.Count && _all[place].Piece != piece)
            place++;
        if (place == _all.Count)
            return false;
        _all.RemoveAt(place);
        return true;
    }

    /// <summary>Takes away the deadlines of pieces that are there.</summary>
    public void ClearThoseOf(Bitfield pieces)
    {
        for (int place = _all.Count - 1; place >= 0; place--)
        {
            if (pieces[_all[place].Piece])
                _all.RemoveAt(place);
        }
    }
}
