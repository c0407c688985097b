using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core;

/// <summary>Twenty bytes as a value: the content of info-hashes, peer ids and SHA-1 piece hashes.</summary>
internal readonly record struct Bytes20(Bytes16 High, uint Low)
{
    public const int Length = 20;

    public Bytes20(ReadOnlySpan<byte> bytes)
        : this(new Bytes16(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[Bytes16.Length..Length]))
    {
    }

    public static bool TryParseHex([NotNullWhen(true)] string? text, out Bytes20 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        value = default;
        if (text?.Length != 2 * Length || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        value = new Bytes20(bytes);
        return true;
    }

    public void CopyTo(Span<byte> destination)
    {
        High.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[Bytes16.Length..], Low);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>
    /// Mixed with a per-process seed. Strangers choose these bytes, and the hash codes of <c>UInt64</c> and of records are sums and
    /// exclusive ors, for which anyone can generate millions of colliding keys.
    /// </summary>
    public override int GetHashCode() =>
        HashCode.Combine((uint)(High.High >> 32), (uint)High.High, (uint)(High.Low >> 32), (uint)High.Low, Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
