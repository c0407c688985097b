namespace Freshet.Core.Pieces;

/// <summary>
/// Supplies the expected hashes of pieces. They may be in memory, in the .torrent file on disk or, in version 2, not yet received from a
/// peer. Thread-safe.
/// </summary>
internal interface IContentHashes
{
    /// <summary>
    /// The algorithms of this torrent, the same for all its pieces: data is hashed with them before the expected hash is looked up.
    /// </summary>
    HashAlgorithms Algorithms { get; }

    /// <summary>Returns the expected hash of a piece; false while it is unknown, so that the piece cannot be verified yet.</summary>
    /// <exception cref="IOException">The hashes are in a file that cannot be read.</exception>
    bool TryGet(PieceIndex piece, out ExpectedHash expected);
}
