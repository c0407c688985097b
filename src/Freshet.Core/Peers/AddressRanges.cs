using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// A set of address ranges with fast lookup: sorted and disjoint, 8 bytes per IPv4 range and 32 per IPv6 range. An IPv4-mapped IPv6 address
/// counts as IPv4. Immutable.
/// </summary>
internal sealed class AddressRanges
{
    private readonly uint[] _v4First;
    private readonly uint[] _v4Last;
    private readonly Bytes16[] _v6First;
    private readonly Bytes16[] _v6Last;

    /// <summary>Takes ownership of the arrays: each is sorted, and the first and last address of a range have the same index.</summary>
    internal AddressRanges((uint[] First, uint[] Last) v4, (Bytes16[] First, Bytes16[] Last) v6)
    {
        (_v4First, _v4Last) = v4;
        (_v6First, _v6Last) = v6;
    }

    public static AddressRanges None { get; } = new(([], []), ([], []));

    /// <summary>The number of ranges.</summary>
    public int Count => _v4First.Length + _v6First.Length;

    /// <summary>Whether an address is in one of the ranges.</summary>
    public bool Contains(IPAddress address)
    {
        if (Count == 0)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? Contains(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : Contains(new Bytes16(bytes));
    }

    public bool Contains(uint v4) => IsIn(_v4First, _v4Last, v4);

    public bool Contains(Bytes16 v6) =>
        v6.High == 0 && v6.Low >> 32 == 0xFFFF ? Contains((uint)v6.Low) : IsIn(_v6First, _v6Last, v6);

    // Only the last range that starts at or before the address can contain it.
    private static bool IsIn<T>(T[] first, T[] last, T address)
        where T : struct, IComparable<T>
    {
        int at = Array.BinarySearch(first, address);
        if (at < 0)
            at = ~at - 1;
        return at >= 0 && last[at].CompareTo(address) >= 0;
    }
}
