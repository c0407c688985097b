using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Freshet.Hashing;

/// <summary>
/// SHA-1 of eight buffers of equal length at once, fed in parts: about 3.5 times the speed of the processor's own SHA
/// instructions, if there are eight buffers to hash. All lanes have always taken the same number of bytes.
/// </summary>
/// <remarks>Buffers are given by address, since they are scattered; they must be pinned or unmanaged. Not thread-safe.</remarks>
internal sealed unsafe class Sha1Lanes
{
    /// <summary>How many buffers are hashed at once.</summary>
    public const int Count = 8;

    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = 20;

    /// <summary>
    /// From how many buffers on lanes beat hashing one by one. Lanes make 6.4 GB/s with AVX-512VL and 1.9 without, always for eight;
    /// the SHA instructions make 1.84 for one.
    /// </summary>
    public static int WorthFrom => Avx512F.VL.IsSupported ? 3 : 8;

    private const int ChunkLength = 64;

    // Five vectors of state, then two chunks of each lane for the padded end. Pinned, so that addresses may be taken once.
    private readonly byte[] _memory = GC.AllocateArray<byte>((5 * 32) + 31 + (Count * 2 * ChunkLength), pinned: true);
    private readonly Vector256<uint>* _state;
    private readonly byte* _ends;
    private long _length;

    public Sha1Lanes()
    {
        nint address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _state = (Vector256<uint>*)((address + 31) & ~31);
        _ends = (byte*)(_state + 5);
        Reset();
    }

    /// <summary>Whether this machine has the instructions; else nothing here may be called.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _length = 0;
        _state[0] = Vector256.Create(0x67452301u);
        _state[1] = Vector256.Create(0xEFCDAB89u);
        _state[2] = Vector256.Create(0x98BADCFEu);
        _state[3] = Vector256.Create(0x10325476u);
        _state[4] = Vector256.Create(0xC3D2E1F0u);
    }

    /// <summary>Takes the next bytes of every lane.</summary>
    /// <param name="lanes">The addresses of the lanes' bytes.</param>
    /// <param name="length">How many bytes of each: a multiple of 64.</param>
    public void Update(ReadOnlySpan<nint> lanes, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lanes.Length, Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % ChunkLength, 0, nameof(length));
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        fixed (nint* addresses = lanes)
            Sha1Rounds.Compress(_state, (byte**)addresses, (nuint)length);
        _length += length;
    }

    /// <summary>Takes the last bytes of every lane, writes the digests one after the other, and begins anew.</summary>
    /// <param name="lanes">The addresses of the lanes' bytes.</param>
    /// <param name="length">How many bytes of each; any number.</param>
    /// <param name="digests">Room for eight digests.</param>
    public void Finish(ReadOnlySpan<nint> lanes, int length, Span<byte> digests)
    {
        int whole = length - (length % ChunkLength);
        Update(lanes, whole);
        FinishEnds(lanes, whole, length - whole);
        for (int lane = 0; lane < Count; lane++)
        {
            for (int word = 0; word < 5; word++)
                BinaryPrimitives.WriteUInt32BigEndian(digests[((lane * DigestLength) + (word * 4))..], ((uint*)(_state + word))[lane]);
        }

        Reset();
    }

    // FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits fill up the last chunk, or one more.
    private void FinishEnds(ReadOnlySpan<nint> lanes, int offset, int rest)
    {
        int padded = rest + 9 <= ChunkLength ? ChunkLength : 2 * ChunkLength;
        Span<nint> ends = stackalloc nint[Count];
        for (int lane = 0; lane < Count; lane++)
        {
            byte* end = _ends + (lane * 2 * ChunkLength);
            Span<byte> bytes = new(end, padded);
            new ReadOnlySpan<byte>((byte*)lanes[lane] + offset, rest).CopyTo(bytes);
            bytes[rest] = 0x80;
            bytes[(rest + 1)..].Clear();
            BinaryPrimitives.WriteInt64BigEndian(bytes[(padded - 8)..], (_length + rest) * 8);
            ends[lane] = (nint)end;
        }

        Update(ends, padded);
    }
}
