using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Freshet.Hashing;

namespace Freshet.Tests.Hashing;

public class PieceHasherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_batch_of_any_size_agrees_with_the_framework(int count)
    {
        using PieceHasher hasher = new();
        Random random = new(count);
        for (int round = 0; round < 30; round++)
        {
            byte[][] pieces = Pieces(count, random.Next(1, 5_000), random);
            PinnedBytes bytes = new(pieces, -1);
            byte[] digests = new byte[20 * count];
            Assert.Equal((1 << count) - 1, hasher.Hash(ref bytes, count, pieces[0].Length, digests));
            Assert.Equal(pieces.SelectMany(SHA1.HashData), digests);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_piece_that_cannot_be_read_spoils_no_other(int count)
    {
        using PieceHasher hasher = new();
        byte[][] pieces = Pieces(count, 1_000, new Random(1));
        PinnedBytes bytes = new(pieces, broken: 0);
        byte[] digests = new byte[20 * count];
        Assert.Equal((1 << count) - 2, hasher.Hash(ref bytes, count, 1_000, digests));
        Assert.Equal(pieces.Skip(1).SelectMany(SHA1.HashData), digests.Skip(20));

        PinnedBytes whole = new(pieces, -1);
        hasher.Hash(ref whole, count, 1_000, digests);
        Assert.Equal(pieces.SelectMany(SHA1.HashData), digests);
    }

    private static byte[][] Pieces(int count, int length, Random random)
    {
        byte[][] pieces = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            pieces[i] = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            random.NextBytes(pieces[i]);
        }

        return pieces;
    }

    private readonly struct PinnedBytes(byte[][] pieces, int broken) : IPieceBytes
    {
        public int ChunkLength => 192;

        public nint Get(int index, int offset, int length) =>
            index == broken && offset > 192 ? 0 : Marshal.UnsafeAddrOfPinnedArrayElement(pieces[index], offset);
    }
}
