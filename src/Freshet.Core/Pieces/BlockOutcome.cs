namespace Freshet.Core.Pieces;

/// <summary>What the ledger makes of a block that arrived.</summary>
internal enum BlockOutcome
{
    /// <summary>Its piece is complete already, or not wanted. Return the block to the pool.</summary>
    Unwanted,

    /// <summary>The block has been received already, and its piece is not yet verified. Return the block to the pool.</summary>
    Duplicate,

    /// <summary>New. Write it.</summary>
    Accepted,

    /// <summary>New, and the last block missing from its piece. Write it; the piece now waits for its hash.</summary>
    CompletesPiece,
}
