namespace Freshet.Core.Pieces;

/// <summary>How much a piece is wanted. Higher ones are asked for first.</summary>
public enum PiecePriority
{
    /// <summary>Not wanted: never asked for.</summary>
    Skip,

    /// <summary>After all others.</summary>
    Low,

    /// <summary>What a piece is unless told otherwise.</summary>
    Normal,

    /// <summary>Before normal ones.</summary>
    High,

    /// <summary>Before all others: the beginning and the end of a file, where those are to come first.</summary>
    Edge,
}
