using System.Collections;
using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>A piece of which some blocks are on disk, not yet hashed.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Blocks">A bit for each of its blocks, set for those on disk.</param>
internal sealed record PartialPiece(PieceIndex Piece, BitArray Blocks);
