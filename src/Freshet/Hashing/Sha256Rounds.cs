using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Freshet.Hashing;

/// <summary>SHA-256's compression (FIPS 180-4, 6.2.2) of eight buffers at once, one 32-bit word of each in a vector.</summary>
/// <remarks>As in <see cref="Sha1Rounds"/>, the rounds are unrolled in one method. The variables swap roles from round to round.</remarks>
internal static unsafe class Sha256Rounds
{
    // Truth tables of vpternlogd, its operands read as 0xF0, 0xCC and 0xAA.
    private const byte ChooseTable = 0xCA;
    private const byte ParityTable = 0x96;
    private const byte MajorityTable = 0xE8;

    /// <summary>Compresses <paramref name="length"/> bytes of each lane, a multiple of 64, into the eight state vectors.</summary>
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

    // Optimized from the first call: unoptimized, this is a hundred times slower.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rounds(Vector256<uint>* state, Vector256<uint>* words)
    {
        Vector256<uint> a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        Vector256<uint> w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        Vector256<uint> w4 = words[4], w5 = words[5], w6 = words[6], w7 = words[7];
        Vector256<uint> w8 = words[8], w9 = words[9], w10 = words[10], w11 = words[11];
        Vector256<uint> w12 = words[12], w13 = words[13], w14 = words[14], w15 = words[15];
        h = First(e, f, g, h, w0 + Vector256.Create(0x428a2f98u)); d += h; h += Second(a, b, c);
        g = First(d, e, f, g, w1 + Vector256.Create(0x71374491u)); c += g; g += Second(h, a, b);
        f = First(c, d, e, f, w2 + Vector256.Create(0xb5c0fbcfu)); b += f; f += Second(g, h, a);
        e = First(b, c, d, e, w3 + Vector256.Create(0xe9b5dba5u)); a += e; e += Second(f, g, h);
        d = First(a, b, c, d, w4 + Vector256.Create(0x3956c25bu)); h += d; d += Second(e, f, g);
        c = First(h, a, b, c, w5 + Vector256.Create(0x59f111f1u)); g += c; c += Second(d, e, f);
        b = First(g, h, a, b, w6 + Vector256.Create(0x923f82a4u)); f += b; b += Second(c, d, e);
        a = First(f, g, h, a, w7 + Vector256.Create(0xab1c5ed5u)); e += a; a += Second(b, c, d);
        h = First(e, f, g, h, w8 + Vector256.Create(0xd807aa98u)); d += h; h += Second(a, b, c);
        g = First(d, e, f, g, w9 + Vector256.Create(0x12835b01u)); c += g; g += Second(h, a, b);
        f = First(c, d, e, f, w10 + Vector256.Create(0x243185beu)); b += f; f += Second(g, h, a);
        e = First(b, c, d, e, w11 + Vector256.Create(0x550c7dc3u)); a += e; e += Second(f, g, h);
        d = First(a, b, c, d, w12 + Vector256.Create(0x72be5d74u)); h += d; d += Second(e, f, g);
        c = First(h, a, b, c, w13 + Vector256.Create(0x80deb1feu)); g += c; c += Second(d, e, f);
        b = First(g, h, a, b, w14 + Vector256.Create(0x9bdc06a7u)); f += b; b += Second(c, d, e);
        a = First(f, g, h, a, w15 + Vector256.Create(0xc19bf174u)); e += a; a += Second(b, c, d);
        w0 = Expand(w0, w1, w9, w14); h = First(e, f, g, h, w0 + Vector256.Create(0xe49b69c1u)); d += h; h += Second(a, b, c);
        w1 = Expand(w1, w2, w10, w15); g = First(d, e, f, g, w1 + Vector256.Create(0xefbe4786u)); c += g; g += Second(h, a, b);
        w2 = Expand(w2, w3, w11, w0); f = First(c, d, e, f, w2 + Vector256.Create(0x0fc19dc6u)); b += f; f += Second(g, h, a);
        w3 = Expand(w3, w4, w12, w1); e = First(b, c, d, e, w3 + Vector256.Create(0x240ca1ccu)); a += e; e += Second(f, g, h);
        w4 = Expand(w4, w5, w13, w2); d = First(a, b, c, d, w4 + Vector256.Create(0x2de92c6fu)); h += d; d += Second(e, f, g);
        w5 = Expand(w5, w6, w14, w3); c = First(h, a, b, c, w5 + Vector256.Create(0x4a7484aau)); g += c; c += Second(d, e, f);
        w6 = Expand(w6, w7, w15, w4); b = First(g, h, a, b, w6 + Vector256.Create(0x5cb0a9dcu)); f += b; b += Second(c, d, e);
        w7 = Expand(w7, w8, w0, w5); a = First(f, g, h, a, w7 + Vector256.Create(0x76f988dau)); e += a; a += Second(b, c, d);
        w8 = Expand(w8, w9, w1, w6); h = First(e, f, g, h, w8 + Vector256.Create(0x983e5152u)); d += h; h += Second(a, b, c);
        w9 = Expand(w9, w10, w2, w7); g = First(d, e, f, g, w9 + Vector256.Create(0xa831c66du)); c += g; g += Second(h, a, b);
        w10 = Expand(w10, w11, w3, w8); f = First(c, d, e, f, w10 + Vector256.Create(0xb00327c8u)); b += f; f += Second(g, h, a);
        w11 = Expand(w11, w12, w4, w9); e = First(b, c, d, e, w11 + Vector256.Create(0xbf597fc7u)); a += e; e += Second(f, g, h);
        w12 = Expand(w12, w13, w5, w10); d = First(a, b, c, d, w12 + Vector256.Create(0xc6e00bf3u)); h += d; d += Second(e, f, g);
        w13 = Expand(w13, w14, w6, w11); c = First(h, a, b, c, w13 + Vector256.Create(0xd5a79147u)); g += c; c += Second(d, e, f);
        w14 = Expand(w14, w15, w7, w12); b = First(g, h, a, b, w14 + Vector256.Create(0x06ca6351u)); f += b; b += Second(c, d, e);
        w15 = Expand(w15, w0, w8, w13); a = First(f, g, h, a, w15 + Vector256.Create(0x14292967u)); e += a; a += Second(b, c, d);
        w0 = Expand(w0, w1, w9, w14); h = First(e, f, g, h, w0 + Vector256.Create(0x27b70a85u)); d += h; h += Second(a, b, c);
        w1 = Expand(w1, w2, w10, w15); g = First(d, e, f, g, w1 + Vector256.Create(0x2e1b2138u)); c += g; g += Second(h, a, b);
        w2 = Expand(w2, w3, w11, w0); f = First(c, d, e, f, w2 + Vector256.Create(0x4d2c6dfcu)); b += f; f += Second(g, h, a);
        w3 = Expand(w3, w4, w12, w1); e = First(b, c, d, e, w3 + Vector256.Create(0x53380d13u)); a += e; e += Second(f, g, h);
        w4 = Expand(w4, w5, w13, w2); d = First(a, b, c, d, w4 + Vector256.Create(0x650a7354u)); h += d; d += Second(e, f, g);
        w5 = Expand(w5, w6, w14, w3); c = First(h, a, b, c, w5 + Vector256.Create(0x766a0abbu)); g += c; c += Second(d, e, f);
        w6 = Expand(w6, w7, w15, w4); b = First(g, h, a, b, w6 + Vector256.Create(0x81c2c92eu)); f += b; b += Second(c, d, e);
        w7 = Expand(w7, w8, w0, w5); a = First(f, g, h, a, w7 + Vector256.Create(0x92722c85u)); e += a; a += Second(b, c, d);
        w8 = Expand(w8, w9, w1, w6); h = First(e, f, g, h, w8 + Vector256.Create(0xa2bfe8a1u)); d += h; h += Second(a, b, c);
        w9 = Expand(w9, w10, w2, w7); g = First(d, e, f, g, w9 + Vector256.Create(0xa81a664bu)); c += g; g += Second(h, a, b);
        w10 = Expand(w10, w11, w3, w8); f = First(c, d, e, f, w10 + Vector256.Create(0xc24b8b70u)); b += f; f += Second(g, h, a);
        w11 = Expand(w11, w12, w4, w9); e = First(b, c, d, e, w11 + Vector256.Create(0xc76c51a3u)); a += e; e += Second(f, g, h);
        w12 = Expand(w12, w13, w5, w10); d = First(a, b, c, d, w12 + Vector256.Create(0xd192e819u)); h += d; d += Second(e, f, g);
        w13 = Expand(w13, w14, w6, w11); c = First(h, a, b, c, w13 + Vector256.Create(0xd6990624u)); g += c; c += Second(d, e, f);
        w14 = Expand(w14, w15, w7, w12); b = First(g, h, a, b, w14 + Vector256.Create(0xf40e3585u)); f += b; b += Second(c, d, e);
        w15 = Expand(w15, w0, w8, w13); a = First(f, g, h, a, w15 + Vector256.Create(0x106aa070u)); e += a; a += Second(b, c, d);
        w0 = Expand(w0, w1, w9, w14); h = First(e, f, g, h, w0 + Vector256.Create(0x19a4c116u)); d += h; h += Second(a, b, c);
        w1 = Expand(w1, w2, w10, w15); g = First(d, e, f, g, w1 + Vector256.Create(0x1e376c08u)); c += g; g += Second(h, a, b);
        w2 = Expand(w2, w3, w11, w0); f = First(c, d, e, f, w2 + Vector256.Create(0x2748774cu)); b += f; f += Second(g, h, a);
        w3 = Expand(w3, w4, w12, w1); e = First(b, c, d, e, w3 + Vector256.Create(0x34b0bcb5u)); a += e; e += Second(f, g, h);
        w4 = Expand(w4, w5, w13, w2); d = First(a, b, c, d, w4 + Vector256.Create(0x391c0cb3u)); h += d; d += Second(e, f, g);
        w5 = Expand(w5, w6, w14, w3); c = First(h, a, b, c, w5 + Vector256.Create(0x4ed8aa4au)); g += c; c += Second(d, e, f);
        w6 = Expand(w6, w7, w15, w4); b = First(g, h, a, b, w6 + Vector256.Create(0x5b9cca4fu)); f += b; b += Second(c, d, e);
        w7 = Expand(w7, w8, w0, w5); a = First(f, g, h, a, w7 + Vector256.Create(0x682e6ff3u)); e += a; a += Second(b, c, d);
        w8 = Expand(w8, w9, w1, w6); h = First(e, f, g, h, w8 + Vector256.Create(0x748f82eeu)); d += h; h += Second(a, b, c);
        w9 = Expand(w9, w10, w2, w7); g = First(d, e, f, g, w9 + Vector256.Create(0x78a5636fu)); c += g; g += Second(h, a, b);
        w10 = Expand(w10, w11, w3, w8); f = First(c, d, e, f, w10 + Vector256.Create(0x84c87814u)); b += f; f += Second(g, h, a);
        w11 = Expand(w11, w12, w4, w9); e = First(b, c, d, e, w11 + Vector256.Create(0x8cc70208u)); a += e; e += Second(f, g, h);
        w12 = Expand(w12, w13, w5, w10); d = First(a, b, c, d, w12 + Vector256.Create(0x90befffau)); h += d; d += Second(e, f, g);
        w13 = Expand(w13, w14, w6, w11); c = First(h, a, b, c, w13 + Vector256.Create(0xa4506cebu)); g += c; c += Second(d, e, f);
        w14 = Expand(w14, w15, w7, w12); b = First(g, h, a, b, w14 + Vector256.Create(0xbef9a3f7u)); f += b; b += Second(c, d, e);
        w15 = Expand(w15, w0, w8, w13); a = First(f, g, h, a, w15 + Vector256.Create(0xc67178f2u)); e += a; a += Second(b, c, d);
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // T1 of the standard.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> First(
        Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> h, Vector256<uint> word) =>
        h + word + Xor(Rotate(e, 26), Rotate(e, 21), Rotate(e, 7))
        + (Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(e, f, g, ChooseTable) : ((f ^ g) & e) ^ g);

    // T2 of the standard.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Second(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Xor(Rotate(a, 30), Rotate(a, 19), Rotate(a, 10))
        + (Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, MajorityTable) : (a & b) | (c & (a | b)));

    // The next word of the schedule, from those 16, 15, 7 and 2 before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Expand(Vector256<uint> w16, Vector256<uint> w15, Vector256<uint> w7, Vector256<uint> w2) =>
        w16 + Xor(Rotate(w15, 25), Rotate(w15, 14), w15 >>> 3) + w7 + Xor(Rotate(w2, 15), Rotate(w2, 13), w2 >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Xor(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(x, y, z, ParityTable) : x ^ y ^ z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));
}
