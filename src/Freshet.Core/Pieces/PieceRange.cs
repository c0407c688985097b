namespace Freshet.Core.Pieces;

/// <summary>A range of consecutive pieces.</summary>
/// <param name="First">The first piece.</param>
/// <param name="Count">The number of pieces; 0 for an empty file.</param>
public readonly record struct PieceRange(PieceIndex First, int Count)
{
    /// <summary>The piece after the last.</summary>
    public PieceIndex End => new(First.Value + Count);

    /// <summary>Whether a piece is in the range.</summary>
    public bool Contains(PieceIndex piece) => piece >= First && piece < End;
}
