using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What a peer sends: possibly a handshake, then messages. Each message is written back byte for byte, and the way in which the bytes are
/// divided makes no difference.
/// </summary>
internal sealed class PeerMessagesTarget : IFuzzTarget
{
    private static readonly BlockRange Block = new(new PieceIndex(3), 0x4000, 0x4000);

    private static readonly PeerMessage[] Messages =
    [
        PeerMessage.KeepAlive, PeerMessage.Choke, PeerMessage.Unchoke, PeerMessage.Interested, PeerMessage.NotInterested,
        PeerMessage.Have(Block.Piece), PeerMessage.Bitfield(new byte[] { 0xFF, 0x80 }), PeerMessage.Request(Block),
        PeerMessage.Cancel(Block), PeerMessage.Port(6881), PeerMessage.SuggestPiece(Block.Piece), PeerMessage.HaveAll,
        PeerMessage.HaveNone, PeerMessage.RejectRequest(Block), PeerMessage.AllowedFast(Block.Piece),
        PeerMessage.Extended(0, ExtensionHandshakeTarget.Example),
    ];

    public string Name => "peer-messages";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 13, 6], [0, 0, 0x40, 9, 7], [0, 0, 0x40, 10, 7], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
        [0, 0, 0, 3, 5], [0, 0, 0, 2, 20, 0], Handshake.Protocol.ToArray(),
    ];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] handshake = new byte[Handshake.Length];
            new Handshake(ReservedBits.Ours, default, PeerIds.Create(new Random(1))).Write(handshake);
            yield return handshake;
            foreach (PeerMessage message in Messages)
                yield return Write(message);
            yield return [.. Messages.SelectMany(message => Write(message))];
            byte[] block = new byte[PeerMessageReader.PieceHeaderLength + Limits.BlockLength];
            PeerMessageWriter.WritePieceHeader(block, Block);
            yield return block;
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Handshake.TryRead(input, out Handshake handshake))
        {
            byte[] written = new byte[Handshake.Length];
            handshake.Write(written);
            FuzzException.Require(input.StartsWith(written), "a handshake must be written back as it was");
            FuzzException.Require(
                !PeerIdClient.Identify(handshake.PeerId).ToString().Any(char.IsControl), "a client's name must be printable");
            input = input[Handshake.Length..];
        }

        ReadAll(input, PeerMessageLimits.For(16));
        ReadAll(input, PeerMessageLimits.BeforeMetadata);
    }

    private static void ReadAll(ReadOnlySpan<byte> rest, PeerMessageLimits limits)
    {
        while (true)
        {
            FrameResult result = PeerMessageReader.TryRead(rest, limits, out PeerFrame frame);
            switch (result.Status)
            {
                case FrameStatus.NeedMore:
                    FuzzException.Require(
                        result.Length > rest.Length && result.Length <= limits.MaxMessageLength,
                        "the number of bytes that are asked for must be positive and bounded");
                    return;
                case FrameStatus.Malformed:
                    FuzzException.Require(result.Fault != FrameFault.None, "a fault must be reported");
                    return;
            }

            FuzzException.Require(result.Length > 0 && result.Length <= rest.Length, "a message must lie within the bytes");
            Check(rest[..result.Length], frame, limits);
            rest = rest[result.Length..];
        }
    }

    private static void Check(ReadOnlySpan<byte> bytes, PeerFrame frame, PeerMessageLimits limits)
    {
        FuzzException.Require(frame.Piece.Value >= 0 && frame.Offset >= 0 && frame.Length >= 0, "numbers must not be negative");
        for (int cut = 0; cut < bytes.Length; cut = cut < 32 ? cut + 1 : (cut * 2) + 1)
        {
            FrameResult part = PeerMessageReader.TryRead(bytes[..cut], limits, out _);
            FuzzException.Require(
                part.Status == FrameStatus.NeedMore && part.Length <= bytes.Length, "a part of a message must ask for the rest");
        }

        if (frame.Id == MessageId.Piece)
        {
            byte[] header = new byte[PeerMessageReader.PieceHeaderLength];
            PeerMessageWriter.WritePieceHeader(header, frame.Range);
            FuzzException.Require(
                bytes.StartsWith(header) && frame.Payload.Length <= Limits.BlockLength, "a block must be what its header says");
        }
        else if (frame.Id != MessageId.Unknown)
        {
            FuzzException.Require(bytes.SequenceEqual(Write(frame.ToMessage())), "a message must be written back as it was");
        }
    }

    private static byte[] Write(PeerMessage message)
    {
        byte[] bytes = new byte[PeerMessageWriter.Length(message)];
        PeerMessageWriter.Write(bytes, message);
        return bytes;
    }
}
