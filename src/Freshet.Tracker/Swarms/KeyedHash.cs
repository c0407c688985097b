using System.Runtime.InteropServices;
using Freshet.Core.Metainfo;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// Hashes values chosen by strangers (info-hashes, addresses) with a key that is new in every process, so that nobody can choose values
/// that all fall into one bucket of a table. The framework hashes strings that way, and the bytes are hashed as one.
/// </summary>
internal sealed class KeyedHash : IEqualityComparer<InfoHash>, IEqualityComparer<PeerAddress>, IEqualityComparer<UInt128>
{
    public static readonly KeyedHash Instance = new();

    private KeyedHash()
    {
    }

    public bool Equals(InfoHash left, InfoHash right) => left == right;

    public bool Equals(PeerAddress left, PeerAddress right) => left == right;

    public bool Equals(UInt128 left, UInt128 right) => left == right;

    public int GetHashCode(InfoHash value)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        value.CopyTo(bytes);
        return Hash(bytes);
    }

    public int GetHashCode(PeerAddress value)
    {
        Span<byte> bytes = stackalloc byte[PeerAddress.CompactV6Length];
        value.WriteCompact(bytes);
        return Hash(bytes);
    }

    public int GetHashCode(UInt128 value) => Hash(MemoryMarshal.AsBytes(new Span<UInt128>(ref value)));

    private static int Hash(ReadOnlySpan<byte> bytes) => string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes));
}
