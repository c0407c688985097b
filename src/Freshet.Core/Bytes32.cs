using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core;

/// <summary>Thirty-two bytes by value: what version 2 info-hashes and the nodes of BEP 52's hash trees are made of.</summary>
internal readonly record struct Bytes32(UInt128 High, UInt128 Low)
{
    public const int Length = 32;

    public Bytes32(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..Length]))
    {
    }

    public static bool TryParseHex([NotNullWhen(true)] string? text, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        value = default;
        if (text?.Length != 2 * Length || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        value = new Bytes32(bytes);
        return true;
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], Low);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Seeded, for the reason that <see cref="Bytes20.GetHashCode"/> gives.</summary>
    public override int GetHashCode() => HashCode.Combine(
        (uint)(High >> 96), (uint)(High >> 64), (uint)(High >> 32), (uint)High, (uint)(Low >> 96), (uint)(Low >> 64), (uint)(Low >> 32),
        (uint)Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
