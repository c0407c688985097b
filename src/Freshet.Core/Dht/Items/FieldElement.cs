using System.Buffers.Binary;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// A number modulo 2^255 - 19 (RFC 8032, section 5.1), in five limbs of 51 bits that may be slightly larger between operations. No
/// operation branches on a value, and all take constant time.
/// </summary>
internal readonly struct FieldElement
{
    private const ulong Mask = (1UL << 51) - 1;

    private readonly ulong _a0;
    private readonly ulong _a1;
    private readonly ulong _a2;
    private readonly ulong _a3;
    private readonly ulong _a4;

    private FieldElement(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4)
    {
        _a0 = a0;
        _a1 = a1;
        _a2 = a2;
        _a3 = a3;
        _a4 = a4;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => Of(1);

    /// <summary>Creates an element from a small number.</summary>
    public static FieldElement Of(uint value) => new(value, 0, 0, 0, 0);

    public static FieldElement operator +(in FieldElement left, in FieldElement right) => Carry(
        left._a0 + right._a0, left._a1 + right._a1, left._a2 + right._a2, left._a3 + right._a3, left._a4 + right._a4);

    // Four times the modulus is added, so that no limb becomes negative.
    public static FieldElement operator -(in FieldElement left, in FieldElement right)
    {
        const ulong Lowest = 4 * (Mask - 18);
        const ulong Others = 4 * Mask;
        return Carry(
            left._a0 + Lowest - right._a0,
            left._a1 + Others - right._a1,
            left._a2 + Others - right._a2,
            left._a3 + Others - right._a3,
            left._a4 + Others - right._a4);
    }

    public static FieldElement operator *(in FieldElement left, in FieldElement right)
    {
        // Anything beyond 2^255 wraps around multiplied by 19.
        ulong b1 = 19 * right._a1, b2 = 19 * right._a2, b3 = 19 * right._a3, b4 = 19 * right._a4;
        UInt128 c0 = Times(left._a0, right._a0) + Times(left._a1, b4) + Times(left._a2, b3) + Times(left._a3, b2) + Times(left._a4, b1);
        UInt128 c1 = Times(left._a0, right._a1) + Times(left._a1, right._a0) + Times(left._a2, b4) + Times(left._a3, b3)
            + Times(left._a4, b2);
        UInt128 c2 = Times(left._a0, right._a2) + Times(left._a1, right._a1) + Times(left._a2, right._a0) + Times(left._a3, b4)
            + Times(left._a4, b3);
        UInt128 c3 = Times(left._a0, right._a3) + Times(left._a1, right._a2) + Times(left._a2, right._a1) + Times(left._a3, right._a0)
            + Times(left._a4, b4);
        UInt128 c4 = Times(left._a0, right._a4) + Times(left._a1, right._a3) + Times(left._a2, right._a2) + Times(left._a3, right._a1)
            + Times(left._a4, right._a0);
        c1 += c0 >> 51;
        c2 += c1 >> 51;
        c3 += c2 >> 51;
        c4 += c3 >> 51;
        ulong lowest = ((ulong)c0 & Mask) + (19 * (ulong)(c4 >> 51));
        return new FieldElement(
            lowest & Mask, ((ulong)c1 & Mask) + (lowest >> 51), (ulong)c2 & Mask, (ulong)c3 & Mask, (ulong)c4 & Mask);
    }

    public static FieldElement operator -(in FieldElement value) => Zero - value;

    /// <summary>Reads 32 bytes, little-endian; the highest bit is ignored.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes)
    {
        ulong w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ulong w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        ulong w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        ulong w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new FieldElement(
            w0 & Mask, ((w0 >> 51) | (w1 << 13)) & Mask, ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask, (w3 >> 12) & Mask);
    }

    /// <summary>Writes the reduced value as 32 bytes, little-endian.</summary>
    public void Write(Span<byte> bytes)
    {
        FieldElement value = Carry(_a0, _a1, _a2, _a3, _a4);

        // The value is at least the modulus exactly if adding 19 carries out of the top.
        ulong over = (value._a0 + 19) >> 51;
        over = (value._a1 + over) >> 51;
        over = (value._a2 + over) >> 51;
        over = (value._a3 + over) >> 51;
        over = (value._a4 + over) >> 51;
        ulong a0 = value._a0 + (19 * over);
        ulong a1 = value._a1 + (a0 >> 51);
        ulong a2 = value._a2 + (a1 >> 51);
        ulong a3 = value._a3 + (a2 >> 51);
        ulong a4 = (value._a4 + (a3 >> 51)) & Mask;
        (a0, a1, a2, a3) = (a0 & Mask, a1 & Mask, a2 & Mask, a3 & Mask);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, a0 | (a1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (a1 >> 13) | (a2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (a2 >> 26) | (a3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (a3 >> 39) | (a4 << 12));
    }

    /// <summary>Whether the reduced value is odd, which is its sign (RFC 8032, section 5.1.2).</summary>
    public bool IsNegative
    {
        get
        {
            Span<byte> bytes = stackalloc byte[32];
            Write(bytes);
            return (bytes[0] & 1) == 1;
        }
    }

    public bool IsSame(in FieldElement other)
    {
        Span<byte> ours = stackalloc byte[32];
        Span<byte> theirs = stackalloc byte[32];
        Write(ours);
        other.Write(theirs);
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(ours, theirs);
    }

    /// <summary>Selects one of two values in constant time.</summary>
    /// <param name="one">The result if the bit is 1.</param>
    /// <param name="zero">The result if the bit is 0.</param>
    /// <param name="bit">0 or 1.</param>
    public static FieldElement Select(in FieldElement one, in FieldElement zero, ulong bit)
    {
        ulong mask = 0UL - bit;
        return new FieldElement(
            zero._a0 ^ (mask & (zero._a0 ^ one._a0)),
            zero._a1 ^ (mask & (zero._a1 ^ one._a1)),
            zero._a2 ^ (mask & (zero._a2 ^ one._a2)),
            zero._a3 ^ (mask & (zero._a3 ^ one._a3)),
            zero._a4 ^ (mask & (zero._a4 ^ one._a4)));
    }

    /// <summary>The inverse: the power of the modulus minus two.</summary>
    public FieldElement Invert() => Power(lowBits: 0b01011, ones: 250, low: 5);

    /// <summary>The power of (modulus - 5) / 8, from which square roots are computed.</summary>
    public FieldElement PowerForRoot() => Power(lowBits: 0b01, ones: 250, low: 2);

    /// <summary>The power of (modulus - 1) / 4.</summary>
    public FieldElement PowerForRootOfMinusOne() => Power(lowBits: 0b011, ones: 250, low: 3);

    // The exponents are public: a number of ones, followed by some other bits.
    private FieldElement Power(int lowBits, int ones, int low)
    {
        FieldElement result = One;
        for (int i = 0; i < ones; i++)
            result = result * result * this;
        for (int bit = low - 1; bit >= 0; bit--)
        {
            result *= result;
            if (((lowBits >> bit) & 1) == 1)
                result *= this;
        }

        return result;
    }

    private static FieldElement Carry(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4)
    {
        a1 += a0 >> 51;
        a2 += a1 >> 51;
        a3 += a2 >> 51;
        a4 += a3 >> 51;
        a0 = (a0 & Mask) + (19 * (a4 >> 51));
        return new FieldElement(a0 & Mask, (a1 & Mask) + (a0 >> 51), a2 & Mask, a3 & Mask, a4 & Mask);
    }

    private static UInt128 Times(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return new UInt128(high, low);
    }
}
