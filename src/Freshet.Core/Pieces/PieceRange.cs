namespace Freshet.Core.Pieces;

/// <summary>Consecutive pieces: the first, and how many.</summary>
/// <param name="First">The first piece.</param>
/// <param name="Count">How many; 0 for an empty file.</param>
public readonly record struct PieceRange(PieceIndex First, int Count)
{
    /// <summary>The piece after the last.</summary>
    public PieceIndex End => new(First.Value + Count);

    /// <summary>Whether a piece is one of them.</summary>
    public bool Contains(PieceIndex piece) => piece >= First && piece < End;
}
