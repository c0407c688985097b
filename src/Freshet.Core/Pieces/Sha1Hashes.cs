namespace Freshet.Core.Pieces;

/// <summary>The piece hashes of a version 1 torrent, as a slice of its .torrent file rather than a copy.</summary>
internal sealed class Sha1Hashes : IContentHashes
{
    private readonly ReadOnlyMemory<byte> _hashes;

    /// <param name="hashes">20 bytes per piece, concatenated. The memory is referenced, not copied.</param>
    public Sha1Hashes(ReadOnlyMemory<byte> hashes)
    {
        if (hashes.Length % Bytes20.Length != 0)
            throw new ArgumentException($"{hashes.Length} bytes are not a multiple of {Bytes20.Length}.", nameof(hashes));
        _hashes = hashes;
    }

    public HashAlgorithms Algorithms => HashAlgorithms.Sha1;

    public bool TryGet(PieceIndex piece, out ExpectedHash expected)
    {
        expected = new ExpectedHash(new Bytes20(_hashes.Span[(piece.Value * Bytes20.Length)..]));
        return true;
    }
}
