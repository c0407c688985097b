namespace Freshet.Core.Pieces;

/// <summary>One of a piece's 16 KiB blocks, counted from 0 within the piece. What we request is always one of these.</summary>
internal readonly record struct BlockRef(PieceIndex Piece, int Index)
{
    /// <summary>Where the block begins within its piece.</summary>
    public int Offset => Index * Limits.BlockLength;

    public override string ToString() => $"{Piece}/{Index}";
}
