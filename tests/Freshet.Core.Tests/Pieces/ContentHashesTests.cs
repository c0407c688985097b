using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Pieces;

public class ContentHashesTests
{
    [Fact]
    public void Each_piece_has_its_own_hash()
    {
        byte[] bytes = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
        Sha1Hashes hashes = new(bytes);
        Assert.Equal(HashAlgorithms.Sha1, hashes.Algorithms);
        Assert.True(hashes.TryGet(new PieceIndex(2), out ExpectedHash expected));
        Assert.Equal(bytes[40..60], expected.Sha1!.Value.ToArray());
        Assert.Null(expected.Root);
        Assert.Equal(HashAlgorithms.Sha1, expected.Algorithms);
        Assert.Throws<ArgumentOutOfRangeException>(() => hashes.TryGet(new PieceIndex(3), out _));
        Assert.Throws<ArgumentException>(() => new Sha1Hashes(bytes.AsMemory(1)));
    }

    [Fact]
    public void A_piece_of_a_hybrid_torrent_has_both()
    {
        Bytes32 root = new(new Bytes16(0, 3), new Bytes16(0, 4));
        ExpectedHash expected = new(new Bytes20(new Bytes16(0, 1), 2), new PieceRoot(root, Layer: 6));
        Assert.Equal(HashAlgorithms.Sha1 | HashAlgorithms.Sha256, expected.Algorithms);
        Assert.Equal(HashAlgorithms.None, default(ExpectedHash).Algorithms);
    }
}
