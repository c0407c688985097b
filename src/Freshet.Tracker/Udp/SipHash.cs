using System.Buffers.Binary;
using System.Numerics;

namespace Freshet.Tracker.Udp;

/// <summary>SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash that cannot be computed or predicted without the key.</summary>
internal readonly struct SipHash(ulong key0, ulong key1)
{
    public ulong Hash(ReadOnlySpan<byte> bytes)
    {
        State state = new()
        {
            V0 = key0 ^ 0x736f6d6570736575,
            V1 = key1 ^ 0x646f72616e646f6d,
            V2 = key0 ^ 0x6c7967656e657261,
            V3 = key1 ^ 0x7465646279746573,
        };
        ulong last = (ulong)bytes.Length << 56;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        for (int i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        state.Add(last);
        state.V2 ^= 0xff;
        for (int i = 0; i < 4; i++)
            state.Round();
        return state.V0 ^ state.V1 ^ state.V2 ^ state.V3;
    }

    private struct State
    {
        public ulong V0;
        public ulong V1;
        public ulong V2;
        public ulong V3;

        public void Add(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        public void Round()
        {
            V0 += V1;
            V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
            V0 = BitOperations.RotateLeft(V0, 32);
            V2 += V3;
            V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
            V0 += V3;
            V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
            V2 += V1;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
