using System.Buffers.Binary;

namespace Freshet.Core;

/// <summary>
/// Sixteen bytes as a value that compares like a big-endian number: an IPv6 address, or a part of <see cref="Bytes20"/> and
/// <see cref="Bytes32"/>.
/// </summary>
/// <remarks>
/// Fields have this type rather than <see cref="UInt128"/> because ahead-of-time compilation skips every method that uses
/// <see cref="UInt128"/>: its layout and calling convention are not settled. Such methods were compiled by the JIT at every start: half of
/// all methods that a session uses.
/// </remarks>
/// <param name="High">The first eight bytes.</param>
/// <param name="Low">The last eight bytes.</param>
internal readonly record struct Bytes16(ulong High, ulong Low) : IComparable<Bytes16>
{
    public const int Length = 16;

    public Bytes16(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..Length]))
    {
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public int CompareTo(Bytes16 other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }
}
