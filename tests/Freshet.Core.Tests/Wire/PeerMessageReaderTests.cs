using System.Buffers.Binary;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Wire;

public class PeerMessageReaderTests
{
    private static readonly PeerMessageLimits Limits16 = PeerMessageLimits.For(pieceCount: 16) with
    {
        Extensions = ExtensionTable.Of(
            Enumerable.Range(1, 20).Select(number => new ExtensionRow($"x{number}", (byte)number, 100, ExtensionScope.All)),
            isPrivate: false),
    };

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, PeerMessages.All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_read_as_specified(int kind)
    {
        (PeerMessage message, string hex) = PeerMessages.All[kind];
        byte[] bytes = PeerMessages.Bytes(hex);
        Assert.Equal(FrameResult.Done(bytes.Length), PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame));
        Assert.True(PeerMessages.Same(message, frame.ToMessage()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_cut_anywhere_asks_for_the_rest(int kind)
    {
        byte[] bytes = PeerMessages.Bytes(PeerMessages.All[kind].Hex);
        for (int length = 0; length < bytes.Length; length++)
        {
            FrameResult result = PeerMessageReader.TryRead(bytes.AsSpan(0, length), Limits16, out _);
            int wanted = length < 4 ? 4 : length == 4 ? 5 : bytes.Length;
            Assert.Equal(FrameResult.NeedMore(wanted), result);
        }
    }

    [Fact]
    public void A_block_is_read_in_place()
    {
        byte[] bytes = PeerMessages.Bytes("0000000C 07 00000002 00004000 AABBCC 00000000");
        Assert.Equal(FrameResult.Done(16), PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame));
        Assert.Equal(MessageId.Piece, frame.Id);
        Assert.Equal(new BlockRange(new PieceIndex(2), 0x4000, 3), frame.Range);
        Assert.True(frame.Payload.Overlaps(bytes.AsSpan(13, 3), out int offset));
        Assert.Equal(0, offset);
    }

    [Theory]
    [InlineData("00000002 00")] // choke with a body
    [InlineData("00000002 0E")] // have all with a body
    [InlineData("00000004 04")] // have
    [InlineData("00000006 04")]
    [InlineData("0000000C 06")] // request
    [InlineData("0000000E 08")] // cancel
    [InlineData("00000008 07")] // piece without its header
    [InlineData("00000001 14")] // extended without its number
    [InlineData("00000005 09")] // port
    public void A_wrong_length_is_reported_before_the_body_has_arrived(string hex) =>
        Assert.Equal(FrameResult.Malformed(FrameFault.WrongLength), Read(hex, Limits16));

    [Theory]
    [InlineData("0000400A 07")] // 16 KiB and a byte
    [InlineData("7FFFFFFF 07")]
    [InlineData("FFFFFFFF")]
    [InlineData("00020003 14")] // 128 KiB and a byte
    [InlineData("00010002 C8")] // 64 KiB and a byte, of an unknown kind
    public void An_excessive_length_is_reported_before_the_body_has_arrived(string hex) =>
        Assert.Equal(FrameResult.Malformed(FrameFault.TooLong), Read(hex, Limits16));

    [Theory]
    [InlineData("00004009 07", 0x400D)]
    [InlineData("00020002 14", 0x20006)]
    [InlineData("00010001 C8", 0x10005)]
    public void The_longest_message_of_each_kind_is_awaited(string hex, int total) =>
        Assert.Equal(FrameResult.NeedMore(total), Read(hex, Limits16));

    [Fact]
    public void A_block_without_bytes_is_a_block_of_length_zero() =>
        Assert.Equal(FrameResult.Done(13), Read("00000009 07 00000000 00000000", Limits16));

    [Theory]
    [InlineData("00000002 05")]
    [InlineData("00000004 05")]
    public void A_bitfield_has_the_length_that_the_torrent_requires(string hex) =>
        Assert.Equal(FrameResult.Malformed(FrameFault.WrongBitfieldLength), Read(hex, Limits16));

    [Fact]
    public void Before_the_metadata_is_known_a_bitfield_has_any_length_up_to_a_bound()
    {
        Assert.Equal(FrameResult.NeedMore(4 + 0x80001), Read("00080001 05", PeerMessageLimits.BeforeMetadata));
        Assert.Equal(FrameResult.Malformed(FrameFault.TooLong), Read("00080002 05", PeerMessageLimits.BeforeMetadata));
    }

    [Theory]
    [InlineData("00000005 04 80000000")]
    [InlineData("0000000D 06 00000000 FFFFFFFF 00004000")]
    [InlineData("0000000D 06 00000000 00000000 80000000")]
    [InlineData("0000000A 07 FFFFFFFF 00000000 AA")]
    public void Numbers_that_no_torrent_has_are_refused(string hex) =>
        Assert.Equal(FrameResult.Malformed(FrameFault.NumberTooLarge), Read(hex, Limits16));

    [Theory]
    [InlineData("00000005 14 01 010203", true)] // in the table
    [InlineData("00000005 14 15 010203", false)] // not in the table
    [InlineData("00000005 14 00 010203", true)] // the extension handshake
    public void A_message_of_an_extension_that_was_not_offered_is_of_an_unknown_kind(string hex, bool isOffered)
    {
        byte[] bytes = PeerMessages.Bytes(hex);
        Assert.Equal(FrameResult.Done(9), PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame));
        Assert.Equal(isOffered ? MessageId.Extended : MessageId.Unknown, frame.Id);
    }

    [Theory]
    [InlineData(1, 100, true)]
    [InlineData(1, 101, false)]
    [InlineData(0, WireLimits.MaxExtensionHandshakeLength, true)]
    [InlineData(0, WireLimits.MaxExtensionHandshakeLength + 1, false)]
    public void An_extension_message_is_as_long_as_its_row_allows(int number, int length, bool isTaken)
    {
        byte[] bytes = new byte[6 + length];
        PeerMessageWriter.Write(bytes, PeerMessage.Extended(number, new byte[length]));
        Assert.Equal(FrameResult.Done(bytes.Length), PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame));
        Assert.Equal(isTaken ? MessageId.Extended : MessageId.Unknown, frame.Id);
    }

    [Fact]
    public void An_unknown_kind_is_reported_with_its_length()
    {
        byte[] bytes = PeerMessages.Bytes("00000004 C8 010203 00000000");
        Assert.Equal(FrameResult.Done(8), PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame));
        Assert.Equal(MessageId.Unknown, frame.Id);
        Assert.Equal(0xC8, frame.Number);
        Assert.Equal(3, frame.Payload.Length);
    }

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused_but_never_out_of_bounds() =>
        Prop.ForAll<byte[], byte>((tail, id) =>
        {
            // A plausible length comes first, otherwise nearly all are refused at once.
            byte[] bytes = new byte[tail.Length + 5];
            BinaryPrimitives.WriteInt32BigEndian(bytes, tail.Length == 0 ? 1 : tail[0] % (tail.Length + 3));
            bytes[4] = (byte)(id % 24);
            tail.CopyTo(bytes, 5);
            FrameResult result = PeerMessageReader.TryRead(bytes, Limits16, out PeerFrame frame);
            return result.Status switch
            {
                FrameStatus.Done => result.Length <= bytes.Length && frame.Payload.Length <= result.Length,
                FrameStatus.NeedMore => result.Length > bytes.Length && result.Length <= Limits16.MaxMessageLength,
                _ => result.Fault != FrameFault.None,
            };
        }).Holds(5_000);

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[] buffer = new byte[64];
        foreach ((PeerMessage message, _) in PeerMessages.All)
            Assert.Equal(0, Allocations.Of(() => WriteAndRead(buffer, message)));
    }

    private static void WriteAndRead(byte[] buffer, in PeerMessage message)
    {
        int length = PeerMessageWriter.Write(buffer, message);
        if (PeerMessageReader.TryRead(buffer, Limits16, out PeerFrame frame).Length != length || frame.Id != message.Id)
            throw new InvalidOperationException();
    }

    private static FrameResult Read(string hex, PeerMessageLimits limits) =>
        PeerMessageReader.TryRead(PeerMessages.Bytes(hex), limits, out _);
}
