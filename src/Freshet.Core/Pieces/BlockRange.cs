namespace Freshet.Core.Pieces;

/// <summary>A run of bytes within a piece, as a peer requests it: any offset, any length.</summary>
internal readonly record struct BlockRange(PieceIndex Piece, int Offset, int Length)
{
    public override string ToString() => $"{Piece}+{Offset}:{Length}";
}
