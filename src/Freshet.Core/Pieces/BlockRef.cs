namespace Freshet.Core.Pieces;

/// <summary>One of a piece's 16 KiB blocks, counted from 0 within the piece. Our own requests are always for one of these.</summary>
internal readonly record struct BlockRef(PieceIndex Piece, int Index)
{
    /// <summary>The offset of the block within its piece.</summary>
    public int Offset => Index * Limits.BlockLength;

    public override string ToString() => $"{Piece}/{Index}";
}
