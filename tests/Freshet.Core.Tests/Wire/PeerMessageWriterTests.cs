using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Wire;

public class PeerMessageWriterTests
{
    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, PeerMessages.All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_written_as_specified(int kind)
    {
        (PeerMessage message, string hex) = PeerMessages.All[kind];
        byte[] expected = PeerMessages.Bytes(hex);
        byte[] written = new byte[PeerMessageWriter.Length(message)];
        Assert.Equal(expected.Length, PeerMessageWriter.Write(written, message));
        Assert.Equal(expected, written);
    }

    [Fact]
    public void The_header_of_a_block_counts_the_block_that_follows()
    {
        byte[] header = new byte[PeerMessageReader.PieceHeaderLength];
        PeerMessageWriter.WritePieceHeader(header, new BlockRange(new PieceIndex(2), 0x4000, 0x4000));
        Assert.Equal(PeerMessages.Bytes("00004009 07 00000002 00004000"), header);
    }

    [Fact]
    public void A_block_is_not_written_as_a_message_of_its_own() =>
        Assert.Throws<ArgumentException>(() => PeerMessageWriter.Length(PeerMessage.Block(default, BlockLease.None)));

    [Fact]
    public void The_buffer_beyond_a_message_is_left_alone()
    {
        byte[] buffer = new byte[32];
        Array.Fill(buffer, (byte)0xEE);
        int length = PeerMessageWriter.Write(buffer, PeerMessage.Have(new PieceIndex(1)));
        Assert.Equal(-1, buffer.AsSpan(length).IndexOfAnyExcept((byte)0xEE));
    }
}
