using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// The handshake of the extension protocol (BEP 10, "handshake message"), the payload of extension message 0. All fields are optional; a
/// field that is missing or invalid is null.
/// </summary>
internal sealed record ExtensionHandshake
{
    /// <summary>The number of this message itself.</summary>
    public const int MessageNumber = 0;

    /// <summary>
    /// <c>m</c>: the extensions offered, or withdrawn with number 0. At most <see cref="WireLimits.MaxExtensionsPerPeer"/>.
    /// </summary>
    public ImmutableArray<PeerExtension> Extensions { get; init; } = [];

    /// <summary><c>v</c>: client name and version, safe to display.</summary>
    public string? Client { get; init; }

    /// <summary><c>p</c>: the sender's listening port.</summary>
    public int? Port { get; init; }

    /// <summary><c>reqq</c>: how many requests the sender queues before it drops some. At least 1.</summary>
    public int? RequestQueue { get; init; }

    /// <summary><c>yourip</c>: the receiver's address as the sender sees it.</summary>
    public IPAddress? YourIp { get; init; }

    /// <summary><c>ipv4</c>: the sender's IPv4 address.</summary>
    public IPAddress? IPv4 { get; init; }

    /// <summary><c>ipv6</c>: the sender's IPv6 address.</summary>
    public IPAddress? IPv6 { get; init; }

    /// <summary>
    /// <c>metadata_size</c> (BEP 9): the length of the info dictionary in bytes. At most <see cref="MetainfoLimits.MaxLength"/>.
    /// </summary>
    public int? MetadataSize { get; init; }

    /// <summary><c>upload_only</c> (BEP 21): whether the sender wants no piece; null if it does not say.</summary>
    public bool? UploadOnly { get; init; }

    /// <summary><c>e</c>: whether the sender would rather have encrypted connections; null if it does not say.</summary>
    public bool? PrefersEncryption { get; init; }

    /// <summary>
    /// Parses a payload. Tolerates common mistakes of other clients (unsorted keys, trailing bytes, values of the wrong kind); false only
    /// if the payload is not a bencoded dictionary.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out ExtensionHandshake handshake)
    {
        handshake = new ExtensionHandshake();
        BencodeReader reader = new(payload, new BencodeOptions
        {
            IsTolerant = true,
            AllowTrailingBytes = true,
            MaxTokens = WireLimits.MaxExtensionHandshakeTokens,
        });
        if (!reader.Read() || reader.Token != BencodeToken.Dictionary)
            return false;
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> key = reader.String;
            if (!reader.Read())
                return false;
            handshake = ReadEntry(handshake, key, ref reader);
            if (!reader.Skip())
                return false;
        }

        return reader.Error.Kind == BencodeErrorKind.None;
    }

    /// <summary>Writes the payload with sorted keys; null members are omitted.</summary>
    public byte[] ToArray() => BencodeWriter.Write(Write);

    private static ExtensionHandshake ReadEntry(ExtensionHandshake handshake, ReadOnlySpan<byte> key, ref BencodeReader reader)
    {
        switch (reader.Token)
        {
            case BencodeToken.Dictionary when key.SequenceEqual("m"u8):
                return handshake with { Extensions = ReadExtensions(ref reader) };
            case BencodeToken.String when key.SequenceEqual("v"u8):
                return handshake with { Client = ForeignText.Clean(reader.String, WireLimits.MaxPeerTextLength) };
            case BencodeToken.String when key.SequenceEqual("yourip"u8):
                return handshake with { YourIp = ReadAddress(reader.String, 4) ?? ReadAddress(reader.String, 16) };
            case BencodeToken.String when key.SequenceEqual("ipv4"u8):
                return handshake with { IPv4 = ReadAddress(reader.String, 4) };
            case BencodeToken.String when key.SequenceEqual("ipv6"u8):
                return handshake with { IPv6 = ReadAddress(reader.String, 16) };
            case BencodeToken.Integer when key.SequenceEqual("e"u8):
                return handshake with { PrefersEncryption = reader.Integer != 0 };
            case BencodeToken.Integer when key.SequenceEqual("p"u8):
                return handshake with { Port = Within(reader.Integer, ushort.MaxValue) };
            case BencodeToken.Integer when key.SequenceEqual("reqq"u8):
                return handshake with { RequestQueue = Within(Math.Min(reader.Integer, int.MaxValue), int.MaxValue) };
            case BencodeToken.Integer when key.SequenceEqual("metadata_size"u8):
                return handshake with { MetadataSize = Within(reader.Integer, MetainfoLimits.MaxLength) };
            case BencodeToken.Integer when key.SequenceEqual("upload_only"u8):
                return handshake with { UploadOnly = reader.Integer != 0 };
            default:
                return handshake;
        }
    }

    private static ImmutableArray<PeerExtension> ReadExtensions(ref BencodeReader reader)
    {
        ImmutableArray<PeerExtension>.Builder extensions = ImmutableArray.CreateBuilder<PeerExtension>();
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> name = reader.String;
            if (!reader.Read())
                break;
            bool usable = reader.Token == BencodeToken.Integer && reader.Integer is >= 0 and <= byte.MaxValue
                && name.Length is > 0 and <= WireLimits.MaxPeerTextLength;
            if (usable && extensions.Count < WireLimits.MaxExtensionsPerPeer)
                extensions.Add(new PeerExtension(ForeignText.Clean(name, WireLimits.MaxPeerTextLength), (byte)reader.Integer));
            if (!reader.Skip())
                break;
        }

        return extensions.DrainToImmutable();
    }

    private static IPAddress? ReadAddress(ReadOnlySpan<byte> bytes, int length) => bytes.Length == length ? new IPAddress(bytes) : null;

    private static int? Within(long value, int most) => value >= 1 && value <= most ? (int)value : null;

    private void Write(BencodeWriter writer)
    {
        writer.WriteDictionaryStart();
        if (PrefersEncryption is { } prefersEncryption)
            writer.Write("e"u8, prefersEncryption ? 1 : 0);
        WriteAddress(writer, "ipv4"u8, IPv4);
        WriteAddress(writer, "ipv6"u8, IPv6);
        writer.WriteKey("m"u8);
        writer.WriteDictionaryStart();
        foreach (PeerExtension extension in Extensions.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name)))
            writer.Write(System.Text.Encoding.UTF8.GetBytes(extension.Name), extension.Number);
        writer.WriteEnd();
        if (MetadataSize is { } metadataSize)
            writer.Write("metadata_size"u8, metadataSize);
        if (Port is { } port)
            writer.Write("p"u8, port);
        if (RequestQueue is { } requestQueue)
            writer.Write("reqq"u8, requestQueue);
        if (UploadOnly is { } uploadOnly)
            writer.Write("upload_only"u8, uploadOnly ? 1 : 0);
        if (Client is not null)
            writer.Write("v"u8, Client);
        WriteAddress(writer, "yourip"u8, YourIp);
        writer.WriteEnd();
    }

    private static void WriteAddress(BencodeWriter writer, ReadOnlySpan<byte> key, IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is not null && address.TryWriteBytes(bytes, out int length))
            writer.Write(key, bytes[..length]);
    }
}
