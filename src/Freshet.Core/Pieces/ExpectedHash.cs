namespace Freshet.Core.Pieces;

/// <summary>The expected hash of a piece. A piece of a hybrid torrent must match both.</summary>
/// <param name="Sha1">The SHA-1 of its bytes; null for a torrent of version 2 only.</param>
/// <param name="Root">The root of the tree over its blocks; null for a torrent of version 1 only.</param>
internal readonly record struct ExpectedHash(Bytes20? Sha1, PieceRoot? Root = null)
{
    /// <summary>The algorithms by which the piece is verified.</summary>
    public HashAlgorithms Algorithms =>
        (Sha1 is null ? HashAlgorithms.None : HashAlgorithms.Sha1) | (Root is null ? HashAlgorithms.None : HashAlgorithms.Sha256);
}
