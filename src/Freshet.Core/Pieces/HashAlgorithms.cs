namespace Freshet.Core.Pieces;

/// <summary>By what a torrent's pieces are verified: version 1 by SHA-1, version 2 by SHA-256, a hybrid by both.</summary>
[Flags]
internal enum HashAlgorithms
{
    None = 0,

    /// <summary>The SHA-1 of the piece's bytes (BEP 3).</summary>
    Sha1 = 1,

    /// <summary>The root of a tree over the SHA-256 of the piece's blocks (BEP 52).</summary>
    Sha256 = 2,
}
