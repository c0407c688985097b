using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class UtpPacketTests
{
    /// <summary>The fields in the order and size of BEP 29's figure.</summary>
    [Fact]
    public void A_header_has_the_layout_of_the_specification()
    {
        byte[] packet = Convert.FromHexString("4100123400000001FFFFFFFE0010000000070005");
        UtpHeader header = UtpHeader.Read(packet);
        Assert.Equal(UtpPacketType.Syn, header.Type);
        Assert.Equal(0x1234, header.ConnectionId);
        Assert.Equal(1u, header.Timestamp);
        Assert.Equal(0xFFFFFFFEu, header.TimestampDifference);
        Assert.Equal(0x100000u, header.Window);
        Assert.Equal(7, header.Sequence.Value);
        Assert.Equal(5, header.Acknowledged.Value);
        byte[] written = new byte[UtpHeader.Length];
        header.Write(written);
        Assert.Equal(packet, written);
    }

    [Theory]
    [InlineData("64313A7264323A696432303A6162636465666768696A")]
    [InlineData("0000000100000000000000000000000000000000")]
    [InlineData("5100000000000000000000000000000000000000")]
    [InlineData("2200000000000000000000000000000000000000")]
    [InlineData("21000000000000000000000000000000000000")]
    public void Datagrams_of_other_protocols_are_not_packets(string datagram) =>
        Assert.False(UtpHeader.IsPacket(Convert.FromHexString(datagram)));

    [Fact]
    public void Unknown_extensions_are_skipped()
    {
        byte[] packet = [.. State(0x70), 0x01, 3, 9, 9, 9, 0, 4, 0x05, 0, 0, 0x80, 1, 2];
        Assert.True(UtpPacket.TryRead(packet, out UtpPacket read));
        Assert.Equal([1, 2], read.Payload.ToArray());
        Assert.Equal([5, 0, 0, 0x80], read.SelectiveAck.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 5, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 1, 1, 1, 0 })]
    public void An_extension_longer_than_the_datagram_is_malformed(byte[] rest) =>
        Assert.False(UtpPacket.TryRead([.. State(1), .. rest], out _));

    [Fact]
    public void A_selective_ack_names_the_packets_whose_bits_are_set_and_that_are_not_known()
    {
        SequenceBits known = new();
        known.Set(new SequenceNumber(65_535));
        SelectiveAck bits = new(new SequenceNumber(65_530), [0b0010_0001, 0, 0, 0x80, 1], known);
        List<int> found = [];
        while (bits.MoveNext())
            found.Add(bits.Current.Value);
        Assert.Equal([65_530, 25, 26], found);
    }

    [Theory]
    [InlineData(5, 3, 2)]
    [InlineData(3, 5, -2)]
    [InlineData(1, 65_535, 2)]
    [InlineData(65_535, 1, -2)]
    [InlineData(32_767, 0, 32_767)]
    [InlineData(32_769, 0, -32_767)]
    public void Numbers_are_compared_around_the_circle(ushort left, ushort right, int ahead) =>
        Assert.Equal(ahead, new SequenceNumber(left) - new SequenceNumber(right));

    private static byte[] State(byte extension)
    {
        byte[] packet = new byte[UtpHeader.Length];
        new UtpHeader(UtpPacketType.State, 1, new SequenceNumber(1), new SequenceNumber(1)).Write(packet, (UtpExtension)extension);
        return packet;
    }
}
