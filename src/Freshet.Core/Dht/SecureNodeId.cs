using System.Buffers.Binary;
using System.Numerics;
using Freshet.Core.Peers;

namespace Freshet.Core.Dht;

/// <summary>
/// Node ids that depend on the node's address (BEP 42), so that nobody can choose a position in the DHT. The first 21 bits are from a
/// CRC32-C of the address and three random bits, which are also the last three bits of the id.
/// </summary>
internal static class SecureNodeId
{
    private const uint Compared = 0xFFFF_F800;

    /// <summary>Creates an id for an address.</summary>
    /// <param name="address">Our own address as seen by others; the port is ignored.</param>
    /// <param name="random">The source of the rest of the id.</param>
    public static NodeId Create(NodeAddress address, Random random)
    {
        NodeId id = NodeId.Random(random);
        uint prefix = PrefixOf(address, id.Low & 7);
        ulong high = ((ulong)(prefix & Compared) << 32) | (id.High & 0x0000_07FF_FFFF_FFFF);
        return id with { High = high };
    }

    /// <summary>Whether the id of a node is valid for its address. On local networks any id is.</summary>
    public static bool IsValid(NodeId id, NodeAddress address) =>
        address.Scope != AddressScope.Public || (((uint)(id.High >> 32) ^ PrefixOf(address, id.Low & 7)) & Compared) == 0;

    private static uint PrefixOf(NodeAddress address, uint random)
    {
        Span<byte> compact = stackalloc byte[NodeAddress.V6Length];
        address.Write(compact);
        Span<byte> masked = compact[..(address.IsV6 ? 8 : 4)];
        if (address.IsV6)
        {
            ulong bits = BinaryPrimitives.ReadUInt64BigEndian(masked) & 0x0103_070F_1F3F_7FFF;
            BinaryPrimitives.WriteUInt64BigEndian(masked, bits | ((ulong)random << 61));
        }
        else
        {
            uint bits = BinaryPrimitives.ReadUInt32BigEndian(masked) & 0x030F_3FFF;
            BinaryPrimitives.WriteUInt32BigEndian(masked, bits | (random << 29));
        }

        uint crc = uint.MaxValue;
        foreach (byte value in masked)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
