namespace Freshet.Core.Pieces;

/// <summary>A piece of which some blocks are on disk, unverified.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Blocks">A bit for each block, the first the most significant.</param>
internal readonly record struct PartialPiece(PieceIndex Piece, ReadOnlyMemory<byte> Blocks);
