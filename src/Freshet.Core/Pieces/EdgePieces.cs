namespace Freshet.Core.Pieces;

/// <summary>
/// The pieces in which a file begins behind the end of another, in their order: all that files share with each other. Where files are
/// aligned there are none.
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

    /// <summary>Which of them a piece is, counted from 0; null if it is none.</summary>
    public int? NumberOf(PieceIndex piece)
    {
        int number = Array.BinarySearch(_pieces, piece.Value);
        return number < 0 ? null : number;
    }
}
