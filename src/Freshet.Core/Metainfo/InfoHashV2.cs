using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>The SHA-256 of a version 2 torrent's raw info dictionary (BEP 52).</summary>
public readonly record struct InfoHashV2
{
    /// <summary>The length of a version 2 info-hash in bytes.</summary>
    public const int Length = Bytes32.Length;

    private readonly Bytes32 _bytes;

    /// <summary>Creates an info-hash from the first 32 bytes.</summary>
    public InfoHashV2(ReadOnlySpan<byte> bytes) => _bytes = new Bytes32(bytes);

    private InfoHashV2(Bytes32 bytes) => _bytes = bytes;

    /// <summary>Parses 64 hexadecimal digits.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out InfoHashV2 hash)
    {
        bool parsed = Bytes32.TryParseHex(text, out Bytes32 bytes);
        hash = new InfoHashV2(bytes);
        return parsed;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The first 20 bytes, which identify the torrent in handshakes, at trackers and in the DHT.</summary>
    public InfoHash Truncate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return new InfoHash(bytes);
    }

    /// <summary>The hash as 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
