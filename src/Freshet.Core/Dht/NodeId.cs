using System.Buffers.Binary;
using System.Numerics;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Dht;

/// <summary>A point in the DHT's 160-bit space: a node id, an info-hash, or the distance between two of them (BEP 5).</summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Middle">The next 64 bits.</param>
/// <param name="Low">The last 32 bits.</param>
internal readonly record struct NodeId(ulong High, ulong Middle, uint Low) : IComparable<NodeId>
{
    public const int Length = Bytes20.Length;

    public const int Bits = 8 * Length;

    /// <param name="bytes">20 bytes or more.</param>
    public NodeId(ReadOnlySpan<byte> bytes)
        : this(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]))
    {
    }

    public static NodeId Of(InfoHash infoHash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        infoHash.CopyTo(bytes);
        return new NodeId(bytes);
    }

    public static NodeId Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[Length];
        random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    /// <summary>A random id with exactly the given number of leading bits in common with this one.</summary>
    public NodeId RandomAt(int prefix, Random random)
    {
        Span<byte> ours = stackalloc byte[Length];
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(ours);
        random.NextBytes(bytes);
        ours[..(prefix / 8)].CopyTo(bytes);
        int mask = 0xFF >> (prefix % 8);
        int flipped = 0x80 >> (prefix % 8);
        int bits = (ours[prefix / 8] & ~mask) | (~ours[prefix / 8] & flipped) | (bytes[prefix / 8] & mask & ~flipped);
        bytes[prefix / 8] = (byte)bits;
        return new NodeId(bytes);
    }

    /// <summary>Seeded, for the reason given at <see cref="Bytes20.GetHashCode"/>.</summary>
    public override int GetHashCode() =>
        HashCode.Combine((uint)(High >> 32), (uint)High, (uint)(Middle >> 32), (uint)Middle, Low);

    public NodeId DistanceTo(NodeId other) => new(High ^ other.High, Middle ^ other.Middle, Low ^ other.Low);

    /// <summary>The number of leading bits that two ids have in common: 160 if they are equal.</summary>
    public int CommonPrefix(NodeId other)
    {
        NodeId distance = DistanceTo(other);
        if (distance.High != 0)
            return BitOperations.LeadingZeroCount(distance.High);
        return distance.Middle != 0
            ? 64 + BitOperations.LeadingZeroCount(distance.Middle)
            : 128 + BitOperations.LeadingZeroCount(distance.Low);
    }

    public InfoHash ToInfoHash()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return new InfoHash(bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Low);
    }

    public int CompareTo(NodeId other)
    {
        int order = High.CompareTo(other.High);
        if (order == 0)
            order = Middle.CompareTo(other.Middle);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    public override string ToString() => ToInfoHash().ToString();
}
