using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>
/// The pieces that readers are waiting for, ordered by deadline: a window that moves on while a file is streamed. At most
/// <see cref="PieceLimits.MaxDeadlines"/>.
/// </summary>
internal sealed class PieceDeadlines
{
    private readonly List<PieceDeadline> _all = [];

    public int Count => _all.Count;

    /// <summary>The deadlines, earliest first.</summary>
    public ReadOnlySpan<PieceDeadline> All => CollectionsMarshal.AsSpan(_all);

    /// <summary>Whether a piece is among the first ones that are waited for.</summary>
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

    /// <summary>Sets or moves a piece's deadline; false if there are already too many.</summary>
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

    /// <summary>Removes a piece's deadline; false if it had none.</summary>
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

    /// <summary>Removes the deadlines of the given pieces, which are complete.</summary>
    public void ClearThoseOf(Bitfield pieces)
    {
        for (int place = _all.Count - 1; place >= 0; place--)
        {
            if (pieces[_all[place].Piece])
                _all.RemoveAt(place);
        }
    }
}
