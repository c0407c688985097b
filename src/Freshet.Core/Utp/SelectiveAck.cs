using System.Buffers.Binary;
using System.Numerics;

namespace Freshet.Core.Utp;

/// <summary>
/// The bits of a selective acknowledgement, which say which packets arrived after a gap (BEP 29): the lowest bit of the first byte is the
/// first packet. Enumerates the numbers of packets that were not known to have arrived.
/// </summary>
/// <param name="first">The number of the first bit.</param>
/// <param name="bits">The bits.</param>
/// <param name="known">Packets that are already known to have arrived.</param>
internal ref struct SelectiveAck(SequenceNumber first, ReadOnlySpan<byte> bits, SequenceBits known)
{
    /// <summary>The most bytes of bits: the length of an extension is at most 255, and a multiple of four.</summary>
    public const int MostBytes = 252;

    /// <summary>Bytes of bits for the newest packets.</summary>
    public const int RecentBytes = 128;

    /// <summary>The longest length of all extensions together in bytes.</summary>
    public const int MaxLength = 2 + MostBytes + 4 + RecentBytes;

    private ReadOnlySpan<byte> _bits = bits;
    private SequenceNumber _first = first - 64;
    private ulong _rest;

    /// <summary>The number of a packet that has arrived.</summary>
    public SequenceNumber Current { get; private set; }

    /// <summary>Advances to the next packet that has arrived; false if there is none.</summary>
    public bool MoveNext()
    {
        while (_rest == 0)
        {
            if (_bits.IsEmpty)
                return false;
            _first += 64;
            _rest = Word(_bits) & ~known.From(_first);
            _bits = _bits[Math.Min(8, _bits.Length)..];
        }

        Current = _first + BitOperations.TrailingZeroCount(_rest);
        _rest &= _rest - 1;
        return true;
    }

    private static ulong Word(ReadOnlySpan<byte> bits)
    {
        if (bits.Length >= 8)
            return BinaryPrimitives.ReadUInt64LittleEndian(bits);
        ulong word = 0;
        for (int i = 0; i < bits.Length; i++)
            word |= (ulong)bits[i] << (8 * i);
        return word;
    }
}
