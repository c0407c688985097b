using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace Freshet.Core.Peers;

/// <summary>
/// Determines which of too many connections to keep. Both ends compute the same value (BEP 40), so that a swarm of full peers agrees on who
/// stays connected instead of connecting and dropping endlessly.
/// </summary>
internal static class PeerPriority
{
    /// <summary>
    /// The priority of a connection between two end points, in either order: the CRC-32C of both addresses, the smaller first, each masked
    /// so that owning many addresses of one network gains little. For two equal addresses, the ports are used instead.
    /// </summary>
    public static uint Of(IPEndPoint one, IPEndPoint other)
    {
        Span<byte> first = stackalloc byte[16];
        Span<byte> second = stackalloc byte[16];
        int length = Write(one.Address, first);
        int otherLength = Write(other.Address, second);
        if (length != otherLength)
        {
            // Different families: compared as IPv6 addresses.
            one.Address.MapToIPv6().TryWriteBytes(first, out length);
            other.Address.MapToIPv6().TryWriteBytes(second, out length);
        }

        first = first[..length];
        second = second[..length];
        if (first.SequenceEqual(second))
        {
            length = sizeof(ushort);
            BinaryPrimitives.WriteUInt16BigEndian(first, (ushort)one.Port);
            BinaryPrimitives.WriteUInt16BigEndian(second, (ushort)other.Port);
        }
        else
        {
            Mask(first, second);
        }

        first = first[..length];
        second = second[..length];
        bool inOrder = first.SequenceCompareTo(second) <= 0;
        uint crc = Append(uint.MaxValue, inOrder ? first : second);
        return ~Append(crc, inOrder ? second : first);
    }

    private static int Write(IPAddress address, Span<byte> bytes)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out int length);
        return length;
    }

    // Masks: FF.FF.55.55 for addresses in different /16 networks, FF.FF.FF.55 within one /16, and no mask within one /24; twice as wide for
    // IPv6.
    private static void Mask(Span<byte> first, Span<byte> second)
    {
        int network = first.Length == 4 ? 2 : 4;
        int kept = first.CommonPrefixLength(second) switch
        {
            int common when common < network => network,
            int common when common == network => network + 1,
            _ => first.Length,
        };
        for (int i = kept; i < first.Length; i++)
        {
            first[i] &= 0x55;
            second[i] &= 0x55;
        }
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
