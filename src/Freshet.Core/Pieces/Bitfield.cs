using System.Buffers.Binary;
using System.Numerics;

namespace Freshet.Core.Pieces;

/// <summary>
/// A set of pieces, a bit each. Bits beyond the last piece are always clear, and <see cref="Count"/> is always the number set.
/// </summary>
public sealed class Bitfield
{
    // Bit i is the (i % 64)th most significant of word i / 64: the order of the wire, eight bytes at a time.
    private readonly ulong[] _words;

    /// <summary>An empty set over so many pieces.</summary>
    public Bitfield(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _words = new ulong[(length + 63) / 64];
    }

    private Bitfield(Bitfield other)
    {
        Length = other.Length;
        Count = other.Count;
        _words = (ulong[])other._words.Clone();
    }

    /// <summary>How many pieces there are.</summary>
    public int Length { get; }

    /// <summary>How many are in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every piece is in the set.</summary>
    public bool IsFull => Count == Length;

    /// <summary>Bytes of the set on the wire.</summary>
    public int ByteLength => (Length + 7) / 8;

    /// <summary>Whether a piece is in the set.</summary>
    public bool this[PieceIndex piece]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece.Value, (uint)Length, nameof(piece));
            return (_words[piece.Value >> 6] & Mask(piece)) != 0;
        }
    }

    /// <summary>The words, bit i the (i % 64)th most significant of word i / 64.</summary>
    internal ReadOnlySpan<ulong> Words => _words;

    /// <summary>Reads the wire's form (BEP 3, bitfield); false, with an empty set, if the length is wrong or a spare bit is set.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, int length, out Bitfield bitfield)
    {
        bitfield = new Bitfield(length);
        if (bitfield.TryLoad(bytes, spareBits: 0))
            return true;
        bitfield.Clear();
        return false;
    }

    /// <summary>
    /// Reads the form in which a peer sends it. Some clients leave spare bits set, which others clear without a word, and so do we; false,
    /// with an empty set, if the length is wrong.
    /// </summary>
    internal static bool TryParseLoosely(ReadOnlySpan<byte> bytes, int length, out Bitfield bitfield)
    {
        bitfield = new Bitfield(length);
        return bitfield.TryLoad(bytes, spareBits: length % 64 == 0 ? 0 : ulong.MaxValue >> (length % 64));
    }

    /// <summary>Adds a piece; false if it was there.</summary>
    public bool Add(PieceIndex piece)
    {
        if (this[piece])
            return false;
        _words[piece.Value >> 6] |= Mask(piece);
        Count++;
        return true;
    }

    /// <summary>Takes a piece out; false if it was not there.</summary>
    public bool Remove(PieceIndex piece)
    {
        if (!this[piece])
            return false;
        _words[piece.Value >> 6] &= ~Mask(piece);
        Count--;
        return true;
    }

    /// <summary>Adds every piece.</summary>
    public void AddAll()
    {
        Array.Fill(_words, ulong.MaxValue);
        if (Length % 64 != 0)
            _words[^1] = ulong.MaxValue << (64 - (Length % 64));
        Count = Length;
    }

    /// <summary>Takes every piece out.</summary>
    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }

    /// <summary>Makes this the same set as another over as many pieces.</summary>
    public void CopyFrom(Bitfield other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        other._words.CopyTo(_words, 0);
        Count = other.Count;
    }

    /// <summary>Whether this set has a piece that the other lacks.</summary>
    public bool HasAnyNotIn(Bitfield other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~other._words[i]) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Whether this set and the other have a piece in common.</summary>
    public bool Intersects(Bitfield other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        int i = 0;
        for (; i <= _words.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            if (Vector.BitwiseAnd(new Vector<ulong>(_words, i), new Vector<ulong>(other._words, i)) != Vector<ulong>.Zero)
                return true;
        }

        for (; i < _words.Length; i++)
        {
            if ((_words[i] & other._words[i]) != 0)
                return true;
        }

        return false;
    }

    /// <summary>The first piece at or after one that both sets have, or null.</summary>
    public PieceIndex? FirstCommonAtOrAfter(Bitfield other, PieceIndex piece)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        if (piece.Value >= Length)
            return null;
        int word = piece.Value >> 6;
        ulong bits = _words[word] & other._words[word] & (ulong.MaxValue >> (piece.Value & 63));
        while (bits == 0)
        {
            if (++word == _words.Length)
                return null;
            bits = _words[word] & other._words[word];
        }

        return new PieceIndex((word << 6) + BitOperations.LeadingZeroCount(bits));
    }

    /// <summary>The first piece of the set at or after one, or null.</summary>
    public PieceIndex? FirstAtOrAfter(PieceIndex piece)
    {
        int word = piece.Value >> 6;
        if (piece.Value >= Length)
            return null;
        ulong bits = _words[word] & (ulong.MaxValue >> (piece.Value & 63));
        while (bits == 0)
        {
            if (++word == _words.Length)
                return null;
            bits = _words[word];
        }

        return new PieceIndex((word << 6) + BitOperations.LeadingZeroCount(bits));
    }

    /// <summary>A copy of its own.</summary>
    public Bitfield Clone() => new(this);

    /// <summary>Writes the wire's form.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span<byte> last = stackalloc byte[8];
        for (int i = 0; i < _words.Length; i++)
        {
            int left = ByteLength - (i * 8);
            if (left >= 8)
            {
                BinaryPrimitives.WriteUInt64BigEndian(destination[(i * 8)..], _words[i]);
            }
            else
            {
                BinaryPrimitives.WriteUInt64BigEndian(last, _words[i]);
                last[..left].CopyTo(destination[(i * 8)..]);
            }
        }
    }

    /// <summary>The wire's form.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    // Of the last word the given bits do not count.
    private bool TryLoad(ReadOnlySpan<byte> bytes, ulong spareBits)
    {
        if (bytes.Length != ByteLength)
            return false;
        int count = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            ulong word = 0;
            if (bytes.Length - (i * 8) >= 8)
            {
                word = BinaryPrimitives.ReadUInt64BigEndian(bytes[(i * 8)..]);
            }
            else
            {
                for (int j = i * 8; j < bytes.Length; j++)
                    word |= (ulong)bytes[j] << (56 - (8 * (j & 7)));
            }

            if (i == _words.Length - 1)
                word &= ~spareBits;
            _words[i] = word;
            count += BitOperations.PopCount(word);
        }

        Count = count;
        return Length % 64 == 0 || (_words[^1] & (ulong.MaxValue >> (Length % 64))) == 0;
    }

    private static ulong Mask(PieceIndex piece) => 1UL << (63 - (piece.Value & 63));
}
