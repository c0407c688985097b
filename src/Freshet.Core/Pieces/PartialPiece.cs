namespace Freshet.Core.Pieces;

/// <summary>A piece with some unverified blocks on disk.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Blocks">One bit per block, the first block in the most significant bit.</param>
internal readonly record struct PartialPiece(PieceIndex Piece, ReadOnlyMemory<byte> Blocks);
