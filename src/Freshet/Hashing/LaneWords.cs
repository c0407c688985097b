using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Freshet.Hashing;

/// <summary>Loads eight buffers into vectors that hold one 32-bit word of each.</summary>
internal static unsafe class LaneWords
{
    /// <summary>Loads the 16 words of a 64-byte chunk of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(byte** lanes, nuint offset, Vector256<uint>* words)
    {
        for (nuint i = 0; i < 16; i += 4)
            LoadFour(lanes, offset + (4 * i), words + i);
    }

    /// <summary>
    /// Transposes 8 × 4 big-endian words. A row holds two lanes that lie four apart, so that unpacking within 128 bits alone puts
    /// every lane in its place; an insert from memory needs no shuffle unit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadFour(byte** lanes, nuint offset, Vector256<uint>* words)
    {
        Vector256<uint> row0 = Row(lanes, offset);
        Vector256<uint> row1 = Row(lanes + 1, offset);
        Vector256<uint> row2 = Row(lanes + 2, offset);
        Vector256<uint> row3 = Row(lanes + 3, offset);
        Vector256<ulong> low01 = Avx2.UnpackLow(row0, row1).AsUInt64();
        Vector256<ulong> high01 = Avx2.UnpackHigh(row0, row1).AsUInt64();
        Vector256<ulong> low23 = Avx2.UnpackLow(row2, row3).AsUInt64();
        Vector256<ulong> high23 = Avx2.UnpackHigh(row2, row3).AsUInt64();
        words[0] = Avx2.UnpackLow(low01, low23).AsUInt32();
        words[1] = Avx2.UnpackHigh(low01, low23).AsUInt32();
        words[2] = Avx2.UnpackLow(high01, high23).AsUInt32();
        words[3] = Avx2.UnpackHigh(high01, high23).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Row(byte** lanes, nuint offset)
    {
        Vector256<byte> row = Vector128.Load(lanes[0] + offset).ToVector256Unsafe();
        row = Avx2.InsertVector128(row, Vector128.Load(lanes[4] + offset), 1);
        Vector128<byte> swap = Vector128.Create(0x0405060700010203UL, 0x0c0d0e0f08090a0bUL).AsByte();
        return Avx2.Shuffle(row, Vector256.Create(swap, swap)).AsUInt32();
    }
}
