using System.Security.Cryptography;

namespace Freshet.Core.Dht;

/// <summary>
/// A Bloom filter of peer addresses (BEP 33): it reveals approximately how many there are, but not which. It has 2048 bits, of which each
/// address sets two.
/// </summary>
internal static class PeerFilter
{
    public const int Length = 256;

    /// <summary>Adds the address of a peer; its port is ignored.</summary>
    public static void Add(Span<byte> filter, NodeAddress peer)
    {
        Span<byte> compact = stackalloc byte[NodeAddress.V6Length];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // BEP 33 requires it; it protects no secret.
        SHA1.HashData(compact[..(peer.Write(compact) - 2)], hash);
#pragma warning restore CA5350
        Set(filter, hash[0] | (hash[1] << 8));
        Set(filter, hash[2] | (hash[3] << 8));
    }

    /// <summary>The approximate number of addresses in a filter.</summary>
    public static int Estimate(ReadOnlySpan<byte> filter)
    {
        const double Bits = 8 * Length;
        int zeros = 0;
        foreach (byte value in filter)
            zeros += 8 - System.Numerics.BitOperations.PopCount(value);

        // A full filter says no more than that it is full.
        double count = Math.Log(Math.Max(zeros, 1) / Bits) / (2 * Math.Log(1 - (1 / Bits)));
        return (int)Math.Round(count);
    }

    private static void Set(Span<byte> filter, int index) => filter[index % (8 * Length) / 8] |= (byte)(1 << (index % 8));
}
