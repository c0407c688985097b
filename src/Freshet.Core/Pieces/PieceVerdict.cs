using System.Collections.Immutable;

namespace Freshet.Core.Pieces;

/// <summary>The result of hashing a downloaded piece.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="IsGood">Whether the piece passed its hash check; if so, it has also been written.</param>
/// <param name="Blocks">The SHA-1 hash of each of its blocks, which tells bad blocks from good ones: for a piece that failed, and for a
/// good one that failed before. Default in other cases, or if unavailable.</param>
internal readonly record struct PieceVerdict(PieceIndex Piece, bool IsGood, ImmutableArray<Bytes20> Blocks = default);
