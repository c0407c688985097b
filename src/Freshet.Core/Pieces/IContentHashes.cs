namespace Freshet.Core.Pieces;

/// <summary>
/// Where those who verify pieces ask what they must hash to. The hashes may lie in memory, in the .torrent on disk, or, in version 2, with
/// a peer from which they have not come yet. May be asked by several threads at once.
/// </summary>
internal interface IContentHashes
{
    /// <summary>
    /// By what this torrent's pieces are verified, the same for all: bytes are hashed so before the expected hash is asked for.
    /// </summary>
    HashAlgorithms Algorithms { get; }

    /// <summary>
    /// Gives what a piece of the torrent must hash to; false while that is not known, so that the piece cannot be verified yet.
    /// </summary>
    /// <exception cref="IOException">The hashes lie in a file that cannot be read.</exception>
    bool TryGet(PieceIndex piece, out ExpectedHash expected);
}
