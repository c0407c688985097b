using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Ranges of addresses, to be asked whether an address lies in one: sorted, apart from each other, 8 bytes each for IPv4 and 32 for IPv6.
/// An IPv6 address that carries an IPv4 address (mapped) counts as that. Immutable.
/// </summary>
internal sealed class AddressRanges
{
    private readonly uint[] _v4First;
    private readonly uint[] _v4Last;
    private readonly Bytes16[] _v6First;
    private readonly Bytes16[] _v6Last;

    /// <summary>Takes the arrays over: each sorted, last and first of a range at the same place.</summary>
    internal AddressRanges((uint[] First, uint[] Last) v4, (Bytes16[] First, Bytes16[] Last) v6)
    {
        (_v4First, _v4Last) = v4;
        (_v6First, _v6Last) = v6;
    }

    public static AddressRanges None { get; } = new(([], []), ([], []));

    /// <summary>How many ranges there are.</summary>
    public int Count => _v4First.Length + _v6First.Length;

    /// <summary>Whether an address lies in one of them.</summary>
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

    // The last range that begins at or before the address is the only one that can have it.
    private static bool IsIn<T>(T[] first, T[] last, T address)
        where T : struct, IComparable<T>
    {
        int at = Array.BinarySearch(first, address);
        if (at < 0)
            at = ~at - 1;
        return at >= 0 && last[at].CompareTo(address) >= 0;
    }
}
