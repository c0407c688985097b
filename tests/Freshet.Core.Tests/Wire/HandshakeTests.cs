using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Wire;

public class HandshakeTests
{
    private static readonly byte[] InfoHashBytes = Enumerable.Range(1, 20).Select(i => (byte)i).ToArray();

    // BEP 3: nineteen, the protocol's name, eight reserved bytes, info-hash, peer id. BEP 10 sets 0x10 of byte 5, BEP 6 0x04 of byte 7.
    private static byte[] Vector =>
    [
        19, .. "BitTorrent protocol"u8, 0, 0, 0, 0, 0, 0x10, 0, 0x04, .. InfoHashBytes, .. "-FR0100-abcdefghijkl"u8,
    ];

    [Fact]
    public void A_handshake_is_read_as_specified()
    {
        Assert.True(Handshake.TryRead(Vector, out Handshake handshake));
        Assert.Equal(new InfoHash(InfoHashBytes), handshake.InfoHash);
        Assert.Equal("-FR0100-abcdefghijkl", Encoding.ASCII.GetString(handshake.PeerId.ToArray()));
        Assert.True(handshake.Reserved is { ExtensionProtocol: true, Fast: true, Dht: false, V2: false });
    }

    [Fact]
    public void A_handshake_is_written_as_specified()
    {
        byte[] written = new byte[Handshake.Length];
        new Handshake(ReservedBits.Ours, new InfoHash(InfoHashBytes), new PeerId("-FR0100-abcdefghijkl"u8)).Write(written);
        Assert.Equal(Vector, written);
    }

    [Fact]
    public void Bytes_that_do_not_begin_like_a_handshake_are_refused()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] bytes = Vector;
            bytes[i] ^= 1;
            Assert.False(Handshake.TryRead(bytes, out _));
        }

        Assert.False(Handshake.TryRead(Vector.AsSpan(0, 67), out _));
    }

    [Theory]
    [InlineData(5, 0x10, "extension")]
    [InlineData(7, 0x01, "dht")]
    [InlineData(7, 0x04, "fast")]
    [InlineData(7, 0x10, "v2")]
    public void Each_reserved_bit_has_one_meaning(int at, byte bit, string meaning)
    {
        byte[] bytes = new byte[8];
        bytes[at] = bit;
        ReservedBits bits = new(bytes);
        Assert.Equal(meaning == "extension", bits.ExtensionProtocol);
        Assert.Equal(meaning == "dht", bits.Dht);
        Assert.Equal(meaning == "fast", bits.Fast);
        Assert.Equal(meaning == "v2", bits.V2);
    }
}
