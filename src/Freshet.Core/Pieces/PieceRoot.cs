namespace Freshet.Core.Pieces;

/// <summary>
/// The root of the SHA-256 tree over a piece's 16 KiB blocks (BEP 52). The tree is <see cref="Layer"/> levels high, so it has 2^Layer
/// leaves; those beyond the piece's last block are zeros, not hashes of zeros.
/// </summary>
/// <param name="Hash">What the blocks must come to.</param>
/// <param name="Layer">
/// How far the root is above the blocks: the same for every full piece, and less for a file that is shorter than a piece, whose root is
/// that of the file.
/// </param>
internal readonly record struct PieceRoot(Bytes32 Hash, int Layer);
