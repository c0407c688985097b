using System.Buffers.Binary;
using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>Parses peer messages (BEP 3, "peer messages"; 5, 6 and 10) from the bytes of a connection. Pure and allocation-free.</summary>
/// <remarks>
/// <code>
/// message      = length (4 bytes, big-endian, of what follows)  [id (1 byte)  body]        length 0: keep-alive
/// choke, unchoke, interested, not interested, have all, have none       no body
/// have, suggest piece, allowed fast                                     piece (4)
/// request, cancel, reject request                                       piece (4)  begin (4)  length (4)
/// piece                                                                 piece (4)  begin (4)  block
/// bitfield                                                              a bit for each piece, the first the highest
/// port                                                                  port (2)
/// extended                                                              number (1)  payload
/// </code>
/// The checks cover what the bytes alone can show: the length of each message, as soon as its id is available and so before anything is
/// allocated for it, and that numbers are below 2^31. A message of an extension that we did not offer is treated as one of an unknown kind.
/// Whether a piece exists, a range lies within it or a bitfield's spare bits are clear is for the torrent to check: it has the layout, and
/// knows which mistakes of other clients to tolerate.
/// </remarks>
internal static class PeerMessageReader
{
    /// <summary>Bytes of the length prefix.</summary>
    public const int PrefixLength = 4;

    /// <summary>Bytes before the block in a Piece message.</summary>
    public const int PieceHeaderLength = PrefixLength + 9;

    private const int BodyAt = PrefixLength + 1;

    /// <summary>Parses the first message in a buffer.</summary>
    /// <param name="buffer">The bytes that have been received and not been parsed yet.</param>
    /// <param name="limits">The limits on message lengths.</param>
    /// <param name="frame">The message, if there is one.</param>
    public static FrameResult TryRead(ReadOnlySpan<byte> buffer, in PeerMessageLimits limits, out PeerFrame frame)
    {
        frame = default;
        if (buffer.Length < PrefixLength)
            return FrameResult.NeedMore(PrefixLength);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if (length == 0)
        {
            frame = new PeerFrame { Id = MessageId.KeepAlive };
            return FrameResult.Done(PrefixLength);
        }

        // No message of any kind is that long, so no further bytes are needed to reject it.
        if (length > limits.MaxMessageLength - PrefixLength)
            return FrameResult.Malformed(FrameFault.TooLong);
        if (buffer.Length == PrefixLength)
            return FrameResult.NeedMore(BodyAt);

        MessageId id = IdOf(buffer[PrefixLength]);
        FrameFault fault = CheckLength(id, (int)length - 1, limits);
        if (fault != FrameFault.None)
            return FrameResult.Malformed(fault);
        int total = PrefixLength + (int)length;
        if (buffer.Length < total)
            return FrameResult.NeedMore(total);
        if (id == MessageId.Extended && !limits.Takes(buffer[BodyAt], (int)length - 2))
            id = MessageId.Unknown;
        fault = ReadBody(id, buffer[PrefixLength], buffer[BodyAt..total], out frame);
        return fault == FrameFault.None ? FrameResult.Done(total) : FrameResult.Malformed(fault);
    }

    private static MessageId IdOf(byte id) => id switch
    {
        <= (byte)MessageId.Port => (MessageId)id,
        >= (byte)MessageId.SuggestPiece and <= (byte)MessageId.AllowedFast => (MessageId)id,
        (byte)MessageId.Extended => MessageId.Extended,
        _ => MessageId.Unknown,
    };

    private static FrameFault CheckLength(MessageId id, int body, in PeerMessageLimits limits)
    {
        switch (id)
        {
            case MessageId.Choke or MessageId.Unchoke or MessageId.Interested or MessageId.NotInterested
                or MessageId.HaveAll or MessageId.HaveNone:
                return body == 0 ? FrameFault.None : FrameFault.WrongLength;
            case MessageId.Have or MessageId.SuggestPiece or MessageId.AllowedFast:
                return body == 4 ? FrameFault.None : FrameFault.WrongLength;
            case MessageId.Request or MessageId.Cancel or MessageId.RejectRequest:
                return body == 12 ? FrameFault.None : FrameFault.WrongLength;
            case MessageId.Port:
                return body == 2 ? FrameFault.None : FrameFault.WrongLength;
            case MessageId.Piece:
                return body < 8 ? FrameFault.WrongLength : AtMost(body, 8 + Limits.BlockLength);
            case MessageId.Extended:
                return body < 1 ? FrameFault.WrongLength : AtMost(body, 1 + WireLimits.MaxExtensionMessageLength);
            case MessageId.Bitfield when limits.IsBitfieldLengthExact:
                return body == limits.BitfieldLength ? FrameFault.None : FrameFault.WrongBitfieldLength;
            case MessageId.Bitfield:
                return AtMost(body, limits.BitfieldLength);
            default:
                return AtMost(body, WireLimits.MaxUnknownMessageLength);
        }
    }

    private static FrameFault AtMost(int body, int most) => body <= most ? FrameFault.None : FrameFault.TooLong;

    private static FrameFault ReadBody(MessageId id, byte wireId, ReadOnlySpan<byte> body, out PeerFrame frame)
    {
        switch (id)
        {
            case MessageId.Have or MessageId.SuggestPiece or MessageId.AllowedFast:
                frame = new PeerFrame { Id = id, Piece = new PieceIndex(ReadNumber(body)) };
                return frame.Piece.Value < 0 ? FrameFault.NumberTooLarge : FrameFault.None;
            case MessageId.Request or MessageId.Cancel or MessageId.RejectRequest:
                return ReadRange(id, body, ReadNumber(body[8..]), [], out frame);
            case MessageId.Piece:
                return ReadRange(id, body, body.Length - 8, body[8..], out frame);
            case MessageId.Bitfield:
                frame = new PeerFrame { Id = id, Payload = body };
                return FrameFault.None;
            case MessageId.Port:
                frame = new PeerFrame { Id = id, Number = BinaryPrimitives.ReadUInt16BigEndian(body) };
                return FrameFault.None;
            case MessageId.Extended:
                frame = new PeerFrame { Id = id, Number = body[0], Payload = body[1..] };
                return FrameFault.None;
            case MessageId.Unknown:
                frame = new PeerFrame { Id = id, Number = wireId, Payload = body };
                return FrameFault.None;
            default:
                frame = new PeerFrame { Id = id };
                return FrameFault.None;
        }
    }

    private static FrameFault ReadRange(MessageId id, ReadOnlySpan<byte> body, int length, ReadOnlySpan<byte> payload, out PeerFrame frame)
    {
        int piece = ReadNumber(body);
        int offset = ReadNumber(body[4..]);
        frame = new PeerFrame { Id = id, Piece = new PieceIndex(piece), Offset = offset, Length = length, Payload = payload };
        return (piece | offset | length) < 0 ? FrameFault.NumberTooLarge : FrameFault.None;
    }

    private static int ReadNumber(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);
}
