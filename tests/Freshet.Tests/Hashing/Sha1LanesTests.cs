using System.Security.Cryptography;
using System.Text;
using Freshet.Hashing;

namespace Freshet.Tests.Hashing;

public class Sha1LanesTests
{
    // The examples of NIST for FIPS 180: SHA-1 of "abc", of nothing, of 448 and of 896 bits.
    [Theory]
    [InlineData("abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("", "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "a49b2446a02c645bf419f995b67091253a04a259")]
    public void The_examples_of_the_standard_come_out_in_every_lane(string text, string digest)
    {
        RequireSupport();
        byte[][] lanes = [.. Enumerable.Repeat(Encoding.ASCII.GetBytes(text), Sha1Lanes.Count)];
        Assert.All(Hash(lanes, []), one => Assert.Equal(digest, Convert.ToHexStringLower(one)));
    }

    [Fact]
    public void A_million_times_the_letter_a()
    {
        RequireSupport();
        byte[][] lanes = [.. Enumerable.Range(0, Sha1Lanes.Count).Select(_ => Encoding.ASCII.GetBytes(new string('a', 1_000_000)))];
        Assert.All(
            Hash(lanes, [64_000, 128]), one => Assert.Equal("34aa973cd4c4daa4f61eeb2bdbad27316534016f", Convert.ToHexStringLower(one)));
    }

    [Fact]
    public void Lanes_of_every_length_agree_with_the_framework()
    {
        RequireSupport();
        for (int length = 0; length <= 300; length++)
            AssertAgrees(length, []);
    }

    [Fact]
    public void Lanes_fed_in_parts_agree_with_the_framework()
    {
        RequireSupport();
        Random random = new(42);
        for (int round = 0; round < 100; round++)
        {
            int length = random.Next(200_000);
            List<int> parts = [];
            while (parts.Sum() < length - 30_000)
                parts.Add(random.Next(400) * 64);
            AssertAgrees(length, [.. parts.SkipLast(1)]);
        }
    }

    [Fact]
    public void Parts_that_are_not_a_multiple_of_64_bytes_are_refused()
    {
        RequireSupport();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sha1Lanes().Update(new nint[Sha1Lanes.Count], 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sha1Lanes().Update(new nint[3], 64));
    }

    private static void AssertAgrees(int length, int[] parts)
    {
        byte[][] lanes = [.. Enumerable.Range(0, Sha1Lanes.Count).Select(lane => RandomBytes(length, (length * 8) + lane))];
        byte[][] digests = Hash(lanes, parts);
        for (int lane = 0; lane < lanes.Length; lane++)
            Assert.Equal(SHA1.HashData(lanes[lane]), digests[lane]);
    }

    private static unsafe byte[][] Hash(byte[][] lanes, int[] parts)
    {
        Sha1Lanes hash = new();
        byte[][] pinned = [.. lanes.Select(Pin)];
        nint[] addresses = [.. pinned.Select(lane => System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(lane, 0))];
        int left = lanes[0].Length;
        foreach (int part in parts)
        {
            hash.Update(addresses, part);
            left -= part;
            addresses = [.. addresses.Select(address => address + part)];
        }

        byte[] digests = new byte[Sha1Lanes.Count * Sha1Lanes.DigestLength];
        hash.Finish(addresses, left, digests);
        GC.KeepAlive(pinned);
        return [.. digests.Chunk(Sha1Lanes.DigestLength)];
    }

    private static byte[] Pin(byte[] bytes)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(bytes.Length + 1, pinned: true);
        bytes.CopyTo(pinned, 0);
        return pinned;
    }

    private static byte[] RandomBytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void RequireSupport() => Requires.That(Sha1Lanes.IsSupported, "This processor does not support AVX2.");
}
