using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Freshet.Hashing;

/// <summary>SHA-1's compression (FIPS 180-4, 6.1.2) of eight buffers at once, one 32-bit word of each in a vector.</summary>
/// <remarks>
/// The 80 rounds are unrolled in one method, so that state and schedule stay in registers: a loop over the rounds reached half the speed.
/// With AVX-512VL, three-operand logic and rotation are one instruction each. Sixteen lanes in 512-bit vectors were measured too, and were
/// slower (5.3 against 6.5 GB/s, Zen 4): loading them needs more of the few shuffle units, and twice as many pieces must wait for each
/// other.
/// </remarks>
internal static unsafe class Sha1Rounds
{
    // Truth tables of vpternlogd, its operands read as 0xF0, 0xCC and 0xAA.
    private const byte ChooseTable = 0xCA;
    private const byte ParityTable = 0x96;
    private const byte MajorityTable = 0xE8;

    /// <summary>Compresses <paramref name="length"/> bytes of each lane, a multiple of 64, into the five state vectors.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Vector256<uint>* state, byte** lanes, nuint length)
    {
        Vector256<uint>* words = stackalloc Vector256<uint>[16];
        for (nuint offset = 0; offset < length; offset += 64)
        {
            LaneWords.Load(lanes, offset, words);
            Rounds(state, words);
        }
    }

    // Optimized from the first call: unoptimized, this is a hundred times slower, and a first check would be half over before it is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rounds(Vector256<uint>* state, Vector256<uint>* words)
    {
        Vector256<uint> a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        Vector256<uint> w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        Vector256<uint> w4 = words[4], w5 = words[5], w6 = words[6], w7 = words[7];
        Vector256<uint> w8 = words[8], w9 = words[9], w10 = words[10], w11 = words[11];
        Vector256<uint> w12 = words[12], w13 = words[13], w14 = words[14], w15 = words[15];
        Vector256<uint> k = Vector256.Create(0x5A827999u);
        e = Choose(a, b, c, d, e, w0 + k); b = Rotate(b, 30); d = Choose(e, a, b, c, d, w1 + k); a = Rotate(a, 30);
        c = Choose(d, e, a, b, c, w2 + k); e = Rotate(e, 30); b = Choose(c, d, e, a, b, w3 + k); d = Rotate(d, 30);
        a = Choose(b, c, d, e, a, w4 + k); c = Rotate(c, 30); e = Choose(a, b, c, d, e, w5 + k); b = Rotate(b, 30);
        d = Choose(e, a, b, c, d, w6 + k); a = Rotate(a, 30); c = Choose(d, e, a, b, c, w7 + k); e = Rotate(e, 30);
        b = Choose(c, d, e, a, b, w8 + k); d = Rotate(d, 30); a = Choose(b, c, d, e, a, w9 + k); c = Rotate(c, 30);
        e = Choose(a, b, c, d, e, w10 + k); b = Rotate(b, 30); d = Choose(e, a, b, c, d, w11 + k); a = Rotate(a, 30);
        c = Choose(d, e, a, b, c, w12 + k); e = Rotate(e, 30); b = Choose(c, d, e, a, b, w13 + k); d = Rotate(d, 30);
        a = Choose(b, c, d, e, a, w14 + k); c = Rotate(c, 30); e = Choose(a, b, c, d, e, w15 + k); b = Rotate(b, 30);
        w0 = Expand(w0, w2, w8, w13); w1 = Expand(w1, w3, w9, w14); w2 = Expand(w2, w4, w10, w15); w3 = Expand(w3, w5, w11, w0);
        d = Choose(e, a, b, c, d, w0 + k); a = Rotate(a, 30); c = Choose(d, e, a, b, c, w1 + k); e = Rotate(e, 30);
        b = Choose(c, d, e, a, b, w2 + k); d = Rotate(d, 30); a = Choose(b, c, d, e, a, w3 + k); c = Rotate(c, 30);
        k = Vector256.Create(0x6ED9EBA1u);
        w4 = Expand(w4, w6, w12, w1); w5 = Expand(w5, w7, w13, w2); w6 = Expand(w6, w8, w14, w3); w7 = Expand(w7, w9, w15, w4);
        e = Parity(a, b, c, d, e, w4 + k); b = Rotate(b, 30); d = Parity(e, a, b, c, d, w5 + k); a = Rotate(a, 30);
        c = Parity(d, e, a, b, c, w6 + k); e = Rotate(e, 30); b = Parity(c, d, e, a, b, w7 + k); d = Rotate(d, 30);
        w8 = Expand(w8, w10, w0, w5); w9 = Expand(w9, w11, w1, w6); w10 = Expand(w10, w12, w2, w7); w11 = Expand(w11, w13, w3, w8);
        a = Parity(b, c, d, e, a, w8 + k); c = Rotate(c, 30); e = Parity(a, b, c, d, e, w9 + k); b = Rotate(b, 30);
        d = Parity(e, a, b, c, d, w10 + k); a = Rotate(a, 30); c = Parity(d, e, a, b, c, w11 + k); e = Rotate(e, 30);
        w12 = Expand(w12, w14, w4, w9); w13 = Expand(w13, w15, w5, w10); w14 = Expand(w14, w0, w6, w11); w15 = Expand(w15, w1, w7, w12);
        b = Parity(c, d, e, a, b, w12 + k); d = Rotate(d, 30); a = Parity(b, c, d, e, a, w13 + k); c = Rotate(c, 30);
        e = Parity(a, b, c, d, e, w14 + k); b = Rotate(b, 30); d = Parity(e, a, b, c, d, w15 + k); a = Rotate(a, 30);
        w0 = Expand(w0, w2, w8, w13); w1 = Expand(w1, w3, w9, w14); w2 = Expand(w2, w4, w10, w15); w3 = Expand(w3, w5, w11, w0);
        c = Parity(d, e, a, b, c, w0 + k); e = Rotate(e, 30); b = Parity(c, d, e, a, b, w1 + k); d = Rotate(d, 30);
        a = Parity(b, c, d, e, a, w2 + k); c = Rotate(c, 30); e = Parity(a, b, c, d, e, w3 + k); b = Rotate(b, 30);
        w4 = Expand(w4, w6, w12, w1); w5 = Expand(w5, w7, w13, w2); w6 = Expand(w6, w8, w14, w3); w7 = Expand(w7, w9, w15, w4);
        d = Parity(e, a, b, c, d, w4 + k); a = Rotate(a, 30); c = Parity(d, e, a, b, c, w5 + k); e = Rotate(e, 30);
        b = Parity(c, d, e, a, b, w6 + k); d = Rotate(d, 30); a = Parity(b, c, d, e, a, w7 + k); c = Rotate(c, 30);
        k = Vector256.Create(0x8F1BBCDCu);
        w8 = Expand(w8, w10, w0, w5); w9 = Expand(w9, w11, w1, w6); w10 = Expand(w10, w12, w2, w7); w11 = Expand(w11, w13, w3, w8);
        e = Majority(a, b, c, d, e, w8 + k); b = Rotate(b, 30); d = Majority(e, a, b, c, d, w9 + k); a = Rotate(a, 30);
        c = Majority(d, e, a, b, c, w10 + k); e = Rotate(e, 30); b = Majority(c, d, e, a, b, w11 + k); d = Rotate(d, 30);
        w12 = Expand(w12, w14, w4, w9); w13 = Expand(w13, w15, w5, w10); w14 = Expand(w14, w0, w6, w11); w15 = Expand(w15, w1, w7, w12);
        a = Majority(b, c, d, e, a, w12 + k); c = Rotate(c, 30); e = Majority(a, b, c, d, e, w13 + k); b = Rotate(b, 30);
        d = Majority(e, a, b, c, d, w14 + k); a = Rotate(a, 30); c = Majority(d, e, a, b, c, w15 + k); e = Rotate(e, 30);
        w0 = Expand(w0, w2, w8, w13); w1 = Expand(w1, w3, w9, w14); w2 = Expand(w2, w4, w10, w15); w3 = Expand(w3, w5, w11, w0);
        b = Majority(c, d, e, a, b, w0 + k); d = Rotate(d, 30); a = Majority(b, c, d, e, a, w1 + k); c = Rotate(c, 30);
        e = Majority(a, b, c, d, e, w2 + k); b = Rotate(b, 30); d = Majority(e, a, b, c, d, w3 + k); a = Rotate(a, 30);
        w4 = Expand(w4, w6, w12, w1); w5 = Expand(w5, w7, w13, w2); w6 = Expand(w6, w8, w14, w3); w7 = Expand(w7, w9, w15, w4);
        c = Majority(d, e, a, b, c, w4 + k); e = Rotate(e, 30); b = Majority(c, d, e, a, b, w5 + k); d = Rotate(d, 30);
        a = Majority(b, c, d, e, a, w6 + k); c = Rotate(c, 30); e = Majority(a, b, c, d, e, w7 + k); b = Rotate(b, 30);
        w8 = Expand(w8, w10, w0, w5); w9 = Expand(w9, w11, w1, w6); w10 = Expand(w10, w12, w2, w7); w11 = Expand(w11, w13, w3, w8);
        d = Majority(e, a, b, c, d, w8 + k); a = Rotate(a, 30); c = Majority(d, e, a, b, c, w9 + k); e = Rotate(e, 30);
        b = Majority(c, d, e, a, b, w10 + k); d = Rotate(d, 30); a = Majority(b, c, d, e, a, w11 + k); c = Rotate(c, 30);
        k = Vector256.Create(0xCA62C1D6u);
        w12 = Expand(w12, w14, w4, w9); w13 = Expand(w13, w15, w5, w10); w14 = Expand(w14, w0, w6, w11); w15 = Expand(w15, w1, w7, w12);
        e = Parity(a, b, c, d, e, w12 + k); b = Rotate(b, 30); d = Parity(e, a, b, c, d, w13 + k); a = Rotate(a, 30);
        c = Parity(d, e, a, b, c, w14 + k); e = Rotate(e, 30); b = Parity(c, d, e, a, b, w15 + k); d = Rotate(d, 30);
        w0 = Expand(w0, w2, w8, w13); w1 = Expand(w1, w3, w9, w14); w2 = Expand(w2, w4, w10, w15); w3 = Expand(w3, w5, w11, w0);
        a = Parity(b, c, d, e, a, w0 + k); c = Rotate(c, 30); e = Parity(a, b, c, d, e, w1 + k); b = Rotate(b, 30);
        d = Parity(e, a, b, c, d, w2 + k); a = Rotate(a, 30); c = Parity(d, e, a, b, c, w3 + k); e = Rotate(e, 30);
        w4 = Expand(w4, w6, w12, w1); w5 = Expand(w5, w7, w13, w2); w6 = Expand(w6, w8, w14, w3); w7 = Expand(w7, w9, w15, w4);
        b = Parity(c, d, e, a, b, w4 + k); d = Rotate(d, 30); a = Parity(b, c, d, e, a, w5 + k); c = Rotate(c, 30);
        e = Parity(a, b, c, d, e, w6 + k); b = Rotate(b, 30); d = Parity(e, a, b, c, d, w7 + k); a = Rotate(a, 30);
        w8 = Expand(w8, w10, w0, w5); w9 = Expand(w9, w11, w1, w6); w10 = Expand(w10, w12, w2, w7); w11 = Expand(w11, w13, w3, w8);
        c = Parity(d, e, a, b, c, w8 + k); e = Rotate(e, 30); b = Parity(c, d, e, a, b, w9 + k); d = Rotate(d, 30);
        a = Parity(b, c, d, e, a, w10 + k); c = Rotate(c, 30); e = Parity(a, b, c, d, e, w11 + k); b = Rotate(b, 30);
        w12 = Expand(w12, w14, w4, w9); w13 = Expand(w13, w15, w5, w10); w14 = Expand(w14, w0, w6, w11); w15 = Expand(w15, w1, w7, w12);
        d = Parity(e, a, b, c, d, w12 + k); a = Rotate(a, 30); c = Parity(d, e, a, b, c, w13 + k); e = Rotate(e, 30);
        b = Parity(c, d, e, a, b, w14 + k); d = Rotate(d, 30); a = Parity(b, c, d, e, a, w15 + k); c = Rotate(c, 30);
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }

    // Rounds 0 to 19.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Choose(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e, Vector256<uint> word) =>
        e + word + (Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(b, c, d, ChooseTable) : ((c ^ d) & b) ^ d) + Rotate(a, 5);

    // Rounds 20 to 39 and 60 to 79.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Parity(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e, Vector256<uint> word) =>
        e + word + Xor(b, c, d) + Rotate(a, 5);

    // Rounds 40 to 59.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Majority(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e, Vector256<uint> word) =>
        e + word + (Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(b, c, d, MajorityTable) : (b & c) | (d & (b | c))) + Rotate(a, 5);

    // The next word of the schedule, from those 16, 14, 8 and 3 before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Expand(Vector256<uint> w16, Vector256<uint> w14, Vector256<uint> w8, Vector256<uint> w3) =>
        Rotate(Xor(w16, w14, w8) ^ w3, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Xor(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(x, y, z, ParityTable) : x ^ y ^ z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));
}
