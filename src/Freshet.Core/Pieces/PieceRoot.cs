namespace Freshet.Core.Pieces;

/// <summary>
/// The root of the SHA-256 tree over a piece's 16 KiB blocks (BEP 52). The height of the tree is <see cref="Layer"/>, so it has 2^Layer
/// leaves; leaves beyond the piece's last block are zeros, not hashes of zeros.
/// </summary>
/// <param name="Hash">The expected root hash.</param>
/// <param name="Layer">The height of the root above the blocks: the same for every full piece, and less for a file that is shorter than a
/// piece, whose root is that of the file.</param>
internal readonly record struct PieceRoot(Bytes32 Hash, int Layer);
