using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core;

/// <summary>Thirty-two bytes as a value: the content of version 2 info-hashes and of the nodes of BEP 52's hash trees.</summary>
internal readonly record struct Bytes32(Bytes16 High, Bytes16 Low)
{
    public const int Length = 32;

    public Bytes32(ReadOnlySpan<byte> bytes)
        : this(new Bytes16(bytes), new Bytes16(bytes[Bytes16.Length..Length]))
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
        High.CopyTo(destination);
        Low.CopyTo(destination[Bytes16.Length..]);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Seeded, for the reason given at <see cref="Bytes20.GetHashCode"/>.</summary>
    public override int GetHashCode() => HashCode.Combine(
        (uint)(High.High >> 32), (uint)High.High, (uint)(High.Low >> 32), (uint)High.Low,
        (uint)(Low.High >> 32), (uint)Low.High, (uint)(Low.Low >> 32), (uint)Low.Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
