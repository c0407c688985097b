using System.Buffers.Binary;
using System.Numerics;
using Freshet.Core.Peers;

namespace Freshet.Core.Dht;

/// <summary>
/// Ids that depend on the node's address (BEP 42), so that nobody can choose where in the DHT to be. The first 21 bits are those of a
/// CRC32-C of the address and three random bits, which are also the last three of the id.
/// </summary>
internal static class SecureNodeId
{
    private const uint Compared = 0xFFFF_F800;

    /// <summary>An id for an address.</summary>
    /// <param name="address">Our own as others see it; the port does not matter.</param>
    /// <param name="random">The rest of the id.</param>
    public static NodeId Create(NodeAddress address, Random random)
    {
        NodeId id = NodeId.Random(random);
        uint prefix = PrefixOf(address, id.Low & 7);
        ulong high = ((ulong)(prefix & Compared) << 32) | (id.High & 0x0000_07FF_FFFF_FFFF);
        return id with { High = high };
    }

    /// <summary>Whether a node may have an id. On local networks it may have any.</summary>
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
