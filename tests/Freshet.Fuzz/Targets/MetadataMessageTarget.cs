using Freshet.Core.Wire.Extensions;

namespace Freshet.Fuzz.Targets;

/// <summary>Messages of ut_metadata (BEP 9): what is understood is bounded, and reads back as it was written.</summary>
internal sealed class MetadataMessageTarget : IFuzzTarget
{
    private readonly byte[] _metadata = new byte[40_000];

    public string Name => "metadata-message";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words => [.. BencodeTarget.BencodeWords, "8:msg_type"u8.ToArray(), "5:piece"u8.ToArray()];

    public IEnumerable<byte[]> Seeds =>
        [
            MetadataMessage.Request(0), MetadataMessage.Reject(7), MetadataMessage.Data(2, _metadata),
            "d8:msg_typei9e5:piecei0ee"u8.ToArray(),
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!MetadataMessage.TryParse(input, out MetadataMessage message))
            return;
        FuzzException.Require(message.Piece >= 0, "a piece must have a number");
        FuzzException.Require(message.Bytes.Length <= MetadataMessage.PieceLength, "the length of a piece must be bounded");
        bool hasBytes = !message.Bytes.IsEmpty;
        FuzzException.Require(hasBytes == (message.Kind == MetadataMessageKind.Data), "only data may carry bytes");
        if (message.Kind is not (MetadataMessageKind.Request or MetadataMessageKind.Reject))
            return;
        byte[] written = message.Kind == MetadataMessageKind.Request
            ? MetadataMessage.Request(message.Piece) : MetadataMessage.Reject(message.Piece);
        bool again = MetadataMessage.TryParse(written, out MetadataMessage read);
        FuzzException.Require(again && read.Kind == message.Kind && read.Piece == message.Piece, "what we write must be readable");
    }
}
