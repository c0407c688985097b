namespace Freshet.Core.Pieces;

/// <summary>The hash algorithms that verify a torrent's pieces: SHA-1 for version 1, SHA-256 for version 2, both for a hybrid.</summary>
[Flags]
internal enum HashAlgorithms
{
    None = 0,

    /// <summary>The SHA-1 of the piece's bytes (BEP 3).</summary>
    Sha1 = 1,

    /// <summary>The root of a tree over the SHA-256 of the piece's blocks (BEP 52).</summary>
    Sha256 = 2,
}
