using Freshet.Core.Bencoding;

namespace Freshet.Core.Wire.Extensions;

/// <summary>A message of <c>ut_metadata</c> (BEP 9): a bencoded dictionary, followed in a data message by the bytes of the piece.</summary>
/// <remarks>
/// <code>
/// request = {"msg_type": 0, "piece": piece}
/// data    = {"msg_type": 1, "piece": piece, "total_size": bytes of the whole}  bytes of the piece
/// reject  = {"msg_type": 2, "piece": piece}
/// </code>
/// </remarks>
internal readonly ref struct MetadataMessage
{
    /// <summary>The length of a piece in bytes; the last one may be shorter.</summary>
    public const int PieceLength = 16 * 1024;

    /// <summary>The longest message in bytes: a piece, and a dictionary with room for unknown keys.</summary>
    public const int MaxLength = PieceLength + MaxHeaderLength;

    private const int MaxHeaderLength = 1_024;

    // Three keys with their values, and the dictionary itself, make eight.
    private const int MaxTokens = 64;

    public MetadataMessageKind Kind { get; private init; }

    /// <summary>The piece, 0 or more.</summary>
    public int Piece { get; private init; }

    /// <summary>Data: the length of the whole metadata according to the sender; null if not given.</summary>
    public long? TotalSize { get; private init; }

    /// <summary>Data: the bytes of the piece.</summary>
    public ReadOnlySpan<byte> Bytes { get; private init; }

    /// <summary>The number of pieces of metadata of the given length.</summary>
    public static int PieceCountOf(int size) => ((size - 1) / PieceLength) + 1;

    /// <summary>The length of a piece of metadata of the given length.</summary>
    public static int LengthOf(int piece, int size) => Math.Min(PieceLength, size - (piece * PieceLength));

    /// <summary>Parses a payload; false if it is invalid.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out MetadataMessage message)
    {
        message = default;
        BencodeReader reader = new(payload, new BencodeOptions { IsTolerant = true, AllowTrailingBytes = true, MaxTokens = MaxTokens });
        long? kind = null;
        long? piece = null;
        long? totalSize = null;
        if (!reader.Read() || reader.Token != BencodeToken.Dictionary)
            return false;
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> key = reader.String;
            if (!reader.Read())
                return false;
            if (key.SequenceEqual("msg_type"u8))
                kind = IntegerOf(reader);
            else if (key.SequenceEqual("piece"u8))
                piece = IntegerOf(reader);
            else if (key.SequenceEqual("total_size"u8))
                totalSize = IntegerOf(reader);
            if (!reader.Skip())
                return false;
        }

        if (reader.Error.Kind != BencodeErrorKind.None || kind is null || piece is not (>= 0 and <= int.MaxValue))
            return false;
        bool isData = kind == (long)MetadataMessageKind.Data;
        ReadOnlySpan<byte> rest = payload[reader.Position..];
        message = new MetadataMessage
        {
            Kind = kind is >= 0 and < (long)MetadataMessageKind.Unknown ? (MetadataMessageKind)kind : MetadataMessageKind.Unknown,
            Piece = (int)piece,
            TotalSize = isData ? totalSize : null,
            Bytes = isData ? rest : default,
        };
        return !isData || rest.Length is > 0 and <= PieceLength;
    }

    /// <summary>Creates a request for a piece.</summary>
    public static byte[] Request(int piece) => Write(MetadataMessageKind.Request, piece, null, default);

    /// <summary>Creates a reject of a request.</summary>
    public static byte[] Reject(int piece) => Write(MetadataMessageKind.Reject, piece, null, default);

    /// <summary>Creates a message with a piece of metadata.</summary>
    public static byte[] Data(int piece, ReadOnlySpan<byte> metadata) =>
        Write(
            MetadataMessageKind.Data,
            piece,
            metadata.Length,
            metadata.Slice(piece * PieceLength, LengthOf(piece, metadata.Length)));

    private static long? IntegerOf(in BencodeReader reader) => reader.Token == BencodeToken.Integer ? reader.Integer : null;

    private static byte[] Write(MetadataMessageKind kind, int piece, int? totalSize, ReadOnlySpan<byte> bytes)
    {
        byte[] header = BencodeWriter.Write(writer =>
        {
            writer.WriteDictionaryStart();
            writer.Write("msg_type"u8, (int)kind);
            writer.Write("piece"u8, piece);
            if (totalSize is { } size)
                writer.Write("total_size"u8, size);
            writer.WriteEnd();
        });
        return [.. header, .. bytes];
    }
}
