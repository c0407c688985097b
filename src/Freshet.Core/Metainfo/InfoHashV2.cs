using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>The SHA-256 of a version 2 torrent's raw info dictionary (BEP 52).</summary>
public readonly record struct InfoHashV2
{
    /// <summary>Bytes of a version 2 info-hash.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Takes the first 32 bytes.</summary>
    public InfoHashV2(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..Length]);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out InfoHashV2 hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        hash = default;
        if (text?.Length != 2 * Length || Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
            return false;
        hash = new InfoHashV2(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>The first 20 bytes, by which handshakes, trackers and the DHT name the torrent.</summary>
    public InfoHash Truncate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return new InfoHash(bytes);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
