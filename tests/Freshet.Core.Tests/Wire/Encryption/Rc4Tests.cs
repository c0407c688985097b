using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Tests.Wire.Encryption;

public class Rc4Tests
{
    // RFC 6229, section 2: keys of 40, 128 and 256 bits, and their key streams at an offset.
    [Theory]
    [InlineData("0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8")]
    [InlineData("0102030405", 16, "6982944f18fc82d589c403a47a0d0919")]
    [InlineData("0102030405", 240, "28cb1132c96ce286421dcaadb8b69eae")]
    [InlineData("0102030405", 1008, "45129048e6a0ed0b56b490338f078da5")]
    [InlineData("0102030405", 4096, "ff25b58995996707e51fbdf08b34d875")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 0, "9ac7cc9a609d1ef7b2932899cde41b97")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 16, "5248c4959014126a6e8a84f11d1a9e1c")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 240, "065902e4b620f6cc36c8589f66432f2b")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 1008, "e7a72574f8782ae26aabcf9ebcd66065")]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 4096, "a36a4c301ae8ac13610ccbc12256cacc")]
    [InlineData("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 0, "eaa6bd25880bf93d3f5d1e4ca2611d91")]
    [InlineData("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 240, "114ae344ded71b35f2e60febad727fd8")]
    [InlineData("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 4096, "f3e4c0a2e02d1d01f7f0a74618af2b48")]
    public void The_key_stream_is_that_of_rfc_6229(string key, int offset, string expected)
    {
        byte[] zeros = new byte[offset + 16];
        new Rc4(Convert.FromHexString(key)).Apply(zeros);
        Assert.Equal(expected, Convert.ToHexStringLower(zeros[offset..]));
        Rc4 skipping = new(Convert.FromHexString(key));
        skipping.Skip(offset);
        byte[] after = new byte[16];
        skipping.Apply(after);
        Assert.Equal(expected, Convert.ToHexStringLower(after));
    }

    /// <summary>
    /// The key decides where two indices into the state coincide, so this tries many keys, and every portion from 0 to 300 bytes.
    /// </summary>
    [Fact]
    public void The_result_does_not_depend_on_portions_or_on_the_destination()
    {
        Random random = new(7);
        byte[] key = new byte[20];
        for (int round = 0; round < 300; round++)
        {
            random.NextBytes(key);
            byte[] text = new byte[3 * round];
            random.NextBytes(text);
            byte[] expected = Obvious(key, text);
            byte[] copied = new byte[text.Length];
            Rc4 first = new(key);
            first.Apply(text.AsSpan(0, round), copied);
            first.Apply(text.AsSpan(round), copied.AsSpan(round));
            Assert.Equal(expected, copied);
            Rc4 second = new(key);
            second.Apply(text.AsSpan(0, 2 * round));
            second.Apply(text.AsSpan(2 * round));
            Assert.Equal(expected, text);
        }
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rc4([1]).Apply(new byte[2], new byte[1]));

    [Fact]
    public void Encrypting_allocates_nothing()
    {
        Rc4 cipher = new([1, 2, 3]);
        byte[] bytes = new byte[1_000];
        Assert.Equal(0, Allocations.Of(() => cipher.Apply(bytes)));
    }

    private static byte[] Obvious(byte[] key, byte[] text)
    {
        byte[] state = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte j = 0;
        for (int i = 0; i < 256; i++)
        {
            j = (byte)(j + state[i] + key[i % key.Length]);
            (state[i], state[j]) = (state[j], state[i]);
        }

        byte a = 0;
        j = 0;
        return [.. text.Select(b =>
        {
            a++;
            j += state[a];
            (state[a], state[j]) = (state[j], state[a]);
            return (byte)(b ^ state[(byte)(state[a] + state[j])]);
        })];
    }
}
