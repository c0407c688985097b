using System.Buffers.Binary;
using Freshet.Core.Pieces;

namespace Freshet.Core.Wire;

/// <summary>Writes peer messages in the format that <see cref="PeerMessageReader"/> describes. Pure and allocation-free.</summary>
internal static class PeerMessageWriter
{
    /// <summary>
    /// Bytes of a message on the wire, including its length prefix. Not for Piece messages, since the block is not part of the message
    /// here.
    /// </summary>
    public static int Length(in PeerMessage message) => PeerMessageReader.PrefixLength + message.Id switch
    {
        MessageId.KeepAlive => 0,
        MessageId.Choke or MessageId.Unchoke or MessageId.Interested or MessageId.NotInterested
            or MessageId.HaveAll or MessageId.HaveNone => 1,
        MessageId.Have or MessageId.SuggestPiece or MessageId.AllowedFast => 5,
        MessageId.Request or MessageId.Cancel or MessageId.RejectRequest => 13,
        MessageId.Port => 3,
        MessageId.Bitfield => 1 + message.Payload.Length,
        MessageId.Extended => 2 + message.Payload.Length,
        _ => throw new ArgumentException($"A {message.Id} message cannot be written as a whole.", nameof(message)),
    };

    /// <summary>Writes a message and returns the number of bytes: <see cref="Length"/>.</summary>
    public static int Write(Span<byte> destination, in PeerMessage message)
    {
        int length = Length(message);
        WriteNumber(destination, length - PeerMessageReader.PrefixLength);
        if (message.Id == MessageId.KeepAlive)
            return length;
        destination[PeerMessageReader.PrefixLength] = (byte)message.Id;
        Span<byte> body = destination[(PeerMessageReader.PrefixLength + 1)..length];
        switch (message.Id)
        {
            case MessageId.Have or MessageId.SuggestPiece or MessageId.AllowedFast:
                WriteNumber(body, message.Piece.Value);
                break;
            case MessageId.Request or MessageId.Cancel or MessageId.RejectRequest:
                WriteNumber(body, message.Piece.Value);
                WriteNumber(body[4..], message.Offset);
                WriteNumber(body[8..], message.Length);
                break;
            case MessageId.Port:
                BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)message.Number);
                break;
            case MessageId.Bitfield:
                message.Payload.Span.CopyTo(body);
                break;
            case MessageId.Extended:
                body[0] = (byte)message.Number;
                message.Payload.Span.CopyTo(body[1..]);
                break;
        }

        return length;
    }

    /// <summary>Writes the 13 bytes before a block; the block itself follows directly from disk.</summary>
    public static void WritePieceHeader(Span<byte> destination, BlockRange block)
    {
        WriteNumber(destination, PeerMessageReader.PieceHeaderLength - PeerMessageReader.PrefixLength + block.Length);
        destination[4] = (byte)MessageId.Piece;
        WriteNumber(destination[5..], block.Piece.Value);
        WriteNumber(destination[9..], block.Offset);
    }

    private static void WriteNumber(Span<byte> destination, int number) => BinaryPrimitives.WriteInt32BigEndian(destination, number);
}
