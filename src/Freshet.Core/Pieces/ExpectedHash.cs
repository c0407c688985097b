namespace Freshet.Core.Pieces;

/// <summary>What a piece must hash to. A hybrid torrent's piece is good only if it agrees with both.</summary>
/// <param name="Sha1">The SHA-1 of its bytes; null for a torrent of version 2 alone.</param>
/// <param name="Root">The root over its blocks; null for a torrent of version 1 alone.</param>
internal readonly record struct ExpectedHash(Bytes20? Sha1, PieceRoot? Root = null)
{
    /// <summary>By what the piece is verified.</summary>
    public HashAlgorithms Algorithms =>
        (Sha1 is null ? HashAlgorithms.None : HashAlgorithms.Sha1) | (Root is null ? HashAlgorithms.None : HashAlgorithms.Sha256);
}
