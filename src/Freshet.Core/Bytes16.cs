using System.Buffers.Binary;

namespace Freshet.Core;

/// <summary>
/// Sixteen bytes by value, in the order of a number: IPv6 addresses, and parts of <see cref="Bytes20"/> and <see cref="Bytes32"/>.
/// </summary>
/// <remarks>
/// Fields are of this type rather than <see cref="UInt128"/>, which no method can use that is compiled ahead of time, since how it is laid
/// out and passed is not settled. What had such a field was compiled anew at every start: half of all methods that a session uses.
/// </remarks>
/// <param name="High">The first eight bytes.</param>
/// <param name="Low">The last eight.</param>
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
