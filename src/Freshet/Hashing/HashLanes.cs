using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Freshet.Hashing;

/// <summary>
/// The common part of the FIPS 180-4 hashes with 32-bit words, for eight buffers of equal length at once, fed in parts. All lanes have
/// always consumed the same number of bytes.
/// </summary>
/// <remarks>Buffers are given by address, since they are scattered; they must be pinned or unmanaged. Not thread-safe.</remarks>
internal abstract unsafe class HashLanes
{
    /// <summary>The number of buffers hashed at once.</summary>
    public const int Count = 8;

    private const int ChunkLength = 64;

    private readonly uint[] _start;
    private readonly int _digestLength;

    // Vectors of state, then two chunks of each lane for the padded end. Pinned, so that addresses may be taken once.
    private readonly byte[] _memory;
    private readonly Vector256<uint>* _state;
    private readonly byte* _ends;
    private long _length;

    /// <param name="start">The initial state.</param>
    protected HashLanes(uint[] start)
    {
        _start = start;
        _digestLength = start.Length * sizeof(uint);
        _memory = GC.AllocateArray<byte>((start.Length * 32) + 31 + (Count * 2 * ChunkLength), pinned: true);
        nint address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _state = (Vector256<uint>*)((address + 31) & ~31);
        _ends = (byte*)(_state + start.Length);
        Reset();
    }

    /// <summary>Starts a new hash.</summary>
    public void Reset()
    {
        _length = 0;
        for (int word = 0; word < _start.Length; word++)
            _state[word] = Vector256.Create(_start[word]);
    }

    /// <summary>Hashes the next bytes of every lane.</summary>
    /// <param name="lanes">The addresses of the lanes' bytes.</param>
    /// <param name="length">The number of bytes per lane: a multiple of 64.</param>
    public void Update(ReadOnlySpan<nint> lanes, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lanes.Length, Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % ChunkLength, 0, nameof(length));
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        fixed (nint* addresses = lanes)
            Compress(_state, (byte**)addresses, (nuint)length);
        _length += length;
    }

    /// <summary>Hashes the last bytes of every lane, writes the digests one after the other, and resets the state.</summary>
    /// <param name="lanes">The addresses of the lanes' bytes.</param>
    /// <param name="length">The number of bytes per lane; any number.</param>
    /// <param name="digests">Room for eight digests.</param>
    public void Finish(ReadOnlySpan<nint> lanes, int length, Span<byte> digests)
    {
        int whole = length - (length % ChunkLength);
        Update(lanes, whole);
        FinishEnds(lanes, whole, length - whole);
        for (int lane = 0; lane < Count; lane++)
        {
            for (int word = 0; word < _start.Length; word++)
                BinaryPrimitives.WriteUInt32BigEndian(digests[((lane * _digestLength) + (word * 4))..], ((uint*)(_state + word))[lane]);
        }

        Reset();
    }

    /// <summary>Compresses <paramref name="length"/> bytes of each lane, a multiple of 64, into the state.</summary>
    protected abstract void Compress(Vector256<uint>* state, byte** lanes, nuint length);

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
