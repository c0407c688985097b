namespace Freshet.Core.Pieces;

/// <summary>What a block that arrived is to the ledger.</summary>
internal enum BlockOutcome
{
    /// <summary>Its piece is there already, or not wanted. Give the block back.</summary>
    Unwanted,

    /// <summary>The block is there already, its piece not yet verified. Give the block back.</summary>
    Duplicate,

    /// <summary>New. Write it.</summary>
    Accepted,

    /// <summary>New, and the last that its piece lacked. Write it; the piece now waits for its hash.</summary>
    CompletesPiece,
}
