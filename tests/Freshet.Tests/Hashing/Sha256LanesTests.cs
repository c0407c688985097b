using System.Security.Cryptography;
using System.Text;
using Freshet.Hashing;

namespace Freshet.Tests.Hashing;

public class Sha256LanesTests
{
    // The examples of NIST for FIPS 180: SHA-256 of "abc", of nothing, of 448 and of 896 bits.
    [Theory]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")]
    public void The_examples_of_the_standard_come_out_in_every_lane(string text, string digest)
    {
        RequireSupport();
        byte[][] lanes = [.. Enumerable.Repeat(Encoding.ASCII.GetBytes(text), Sha256Lanes.Count)];
        Assert.All(Hash(lanes, []), one => Assert.Equal(digest, Convert.ToHexStringLower(one)));
    }

    [Fact]
    public void A_million_times_the_letter_a()
    {
        RequireSupport();
        byte[][] lanes = [.. Enumerable.Range(0, Sha256Lanes.Count).Select(_ => Encoding.ASCII.GetBytes(new string('a', 1_000_000)))];
        byte[][] digests = Hash(lanes, [64_000, 128]);
        Assert.All(
            digests,
            one => Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", Convert.ToHexStringLower(one)));
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
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sha256Lanes().Update(new nint[Sha256Lanes.Count], 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sha256Lanes().Update(new nint[3], 64));
    }

    private static void AssertAgrees(int length, int[] parts)
    {
        byte[][] lanes = [.. Enumerable.Range(0, Sha256Lanes.Count).Select(lane => RandomBytes(length, (length * 8) + lane))];
        byte[][] digests = Hash(lanes, parts);
        for (int lane = 0; lane < lanes.Length; lane++)
            Assert.Equal(SHA256.HashData(lanes[lane]), digests[lane]);
    }

    private static unsafe byte[][] Hash(byte[][] lanes, int[] parts)
    {
        Sha256Lanes hash = new();
        byte[][] pinned = [.. lanes.Select(Pin)];
        nint[] addresses = [.. pinned.Select(lane => System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(lane, 0))];
        int left = lanes[0].Length;
        foreach (int part in parts)
        {
            hash.Update(addresses, part);
            left -= part;
            addresses = [.. addresses.Select(address => address + part)];
        }

        byte[] digests = new byte[Sha256Lanes.Count * Sha256Lanes.DigestLength];
        hash.Finish(addresses, left, digests);
        GC.KeepAlive(pinned);
        return [.. digests.Chunk(Sha256Lanes.DigestLength)];
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

    private static void RequireSupport() => Requires.That(Sha256Lanes.IsSupported, "This processor does not support AVX2.");
}
