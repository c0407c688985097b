namespace Freshet.Core.Pieces;

/// <summary>
/// The pieces in which a file begins after the end of another, in order: all pieces that files share. If files are aligned there are none.
/// </summary>
internal sealed class EdgePieces
{
    private readonly int[] _pieces;

    public EdgePieces(PieceLayout layout)
    {
        List<int> pieces = [];
        for (int i = 0; i < layout.SolidFileCount; i++)
        {
            long offset = layout.OffsetOfFile(layout.SolidFile(i));
            int piece = layout.PieceAt(offset).Value;
            if (offset % layout.PieceLength != 0 && (pieces.Count == 0 || pieces[^1] != piece))
                pieces.Add(piece);
        }

        _pieces = [.. pieces];
    }

    public int Count => _pieces.Length;

    /// <summary>The index of a piece among them, counted from 0; null if it is not one of them.</summary>
    public int? NumberOf(PieceIndex piece)
    {
        int number = Array.BinarySearch(_pieces, piece.Value);
        return number < 0 ? null : number;
    }
}
