using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>When a piece is needed. Ordered by time, then by piece.</summary>
internal readonly record struct PieceDeadline(Timestamp Due, PieceIndex Piece) : IComparable<PieceDeadline>
{
    public int CompareTo(PieceDeadline other)
    {
        int order = Due.CompareTo(other.Due);
        return order != 0 ? order : Piece.CompareTo(other.Piece);
    }
}
