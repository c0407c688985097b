using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>When a piece is waited for. Earlier ones come first; of those at the same moment, the lower piece.</summary>
internal readonly record struct PieceDeadline(Timestamp Due, PieceIndex Piece) : IComparable<PieceDeadline>
{
    public int CompareTo(PieceDeadline other)
    {
        int order = Due.CompareTo(other.Due);
        return order != 0 ? order : Piece.CompareTo(other.Piece);
    }
}
