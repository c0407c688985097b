using System.Buffers.Binary;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// Numbers modulo the order L of the curve's group (RFC 8032, section 5.1), 2^252 + 27742317777372353535851937790883648493, as 32 bytes,
/// little-endian. Every operation takes constant time.
/// </summary>
internal static class GroupScalar
{
    private const int Limbs = 4;

    private static ReadOnlySpan<ulong> Order => [0x5812_631A_5CF5_D3ED, 0x14DE_F9DE_A2F7_9CD6, 0, 0x1000_0000_0000_0000];

    /// <summary>Whether a number is below L, as required in a signature.</summary>
    public static bool IsReduced(ReadOnlySpan<byte> scalar)
    {
        Span<ulong> value = stackalloc ulong[Limbs];
        Load(scalar, value);
        Span<ulong> difference = stackalloc ulong[Limbs];
        return Subtract(value, difference) == 1;
    }

    /// <summary>Reduces a number of 64 bytes modulo L.</summary>
    public static void Reduce(ReadOnlySpan<byte> wide, Span<byte> scalar)
    {
        Span<ulong> limbs = stackalloc ulong[2 * Limbs];
        Load(wide, limbs);
        Reduce(limbs, scalar);
    }

    /// <summary>Computes a · b + c modulo L; b may be any 32 bytes.</summary>
    public static void MultiplyAdd(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> result)
    {
        Span<ulong> left = stackalloc ulong[Limbs];
        Span<ulong> right = stackalloc ulong[Limbs];
        Span<ulong> sum = stackalloc ulong[2 * Limbs];
        Load(a, left);
        Load(b, right);
        sum.Clear();
        Load(c, sum[..Limbs]);
        for (int i = 0; i < Limbs; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < Limbs; j++)
            {
                ulong high = Math.BigMul(left[i], right[j], out ulong low);
                UInt128 total = new UInt128(high, low) + sum[i + j] + carry;
                sum[i + j] = (ulong)total;
                carry = (ulong)(total >> 64);
            }

            for (int k = i + Limbs; k < sum.Length; k++)
            {
                UInt128 total = (UInt128)sum[k] + carry;
                sum[k] = (ulong)total;
                carry = (ulong)(total >> 64);
            }
        }

        Reduce(sum, result);
    }

    // Bit by bit from the highest: doubles, adds the bit, and subtracts L if possible.
    private static void Reduce(ReadOnlySpan<ulong> wide, Span<byte> scalar)
    {
        Span<ulong> rest = stackalloc ulong[Limbs];
        Span<ulong> less = stackalloc ulong[Limbs];
        rest.Clear();
        for (int bit = (64 * wide.Length) - 1; bit >= 0; bit--)
        {
            ulong carry = (wide[bit / 64] >> (bit % 64)) & 1;
            for (int i = 0; i < Limbs; i++)
            {
                ulong next = rest[i] >> 63;
                rest[i] = (rest[i] << 1) | carry;
                carry = next;
            }

            ulong keep = 0UL - Subtract(rest, less);
            for (int i = 0; i < Limbs; i++)
                rest[i] = (rest[i] & keep) | (less[i] & ~keep);
        }

        for (int i = 0; i < Limbs; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(scalar[(8 * i)..], rest[i]);
    }

    // Subtracts L; returns 1 on borrow.
    private static ulong Subtract(ReadOnlySpan<ulong> value, Span<ulong> difference)
    {
        ulong borrow = 0;
        for (int i = 0; i < Limbs; i++)
        {
            UInt128 total = (UInt128)value[i] - Order[i] - borrow;
            difference[i] = (ulong)total;
            borrow = (ulong)(total >> 64) & 1;
        }

        return borrow;
    }

    private static void Load(ReadOnlySpan<byte> bytes, Span<ulong> limbs)
    {
        for (int i = 0; i < limbs.Length; i++)
            limbs[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
    }
}
