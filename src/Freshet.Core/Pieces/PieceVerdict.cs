using System.Collections.Immutable;

namespace Freshet.Core.Pieces;

/// <summary>What hashing a downloaded piece came to.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="IsGood">Whether it has its hash; then it is written.</param>
/// <param name="Blocks">
/// The SHA-1 hash of each of its blocks, by which bad ones are told from good: of a piece that failed, and of a good one that failed
/// before. Else, or if they could not be had, default.
/// </param>
internal readonly record struct PieceVerdict(PieceIndex Piece, bool IsGood, ImmutableArray<Bytes20> Blocks = default);
