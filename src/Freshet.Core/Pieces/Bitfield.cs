using System.Buffers.Binary;
using System.Numerics;

namespace Freshet.Core.Pieces;

/// <summary>
/// A set of pieces, one bit each. Bits beyond the last piece are always clear, and <see cref="Count"/> is always the number of set bits. A
/// set that was created empty or full takes no memory per piece until it is changed: most sets belong to complete torrents and to seeds.
/// </summary>
public sealed class Bitfield
{
    // Bit i is the (i % 64)th most significant bit of word i / 64: wire order, eight bytes at a time. Null for a set that is empty or full,
    // depending on Count.
    private ulong[]? _words;

    /// <summary>Creates an empty set for the given number of pieces.</summary>
    public Bitfield(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    private Bitfield(Bitfield other)
    {
        Length = other.Length;
        Count = other.Count;
        _words = (ulong[]?)other._words?.Clone();
    }

    /// <summary>The number of pieces of the torrent.</summary>
    public int Length { get; }

    /// <summary>The number of pieces in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every piece is in the set.</summary>
    public bool IsFull => Count == Length;

    /// <summary>The length of the wire format in bytes.</summary>
    public int ByteLength => (Length + 7) / 8;

    /// <summary>Whether a piece is in the set.</summary>
    public bool this[PieceIndex piece]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece.Value, (uint)Length, nameof(piece));
            return _words is null ? Count > 0 : (_words[piece.Value >> 6] & Mask(piece)) != 0;
        }
    }

    /// <summary>The words; bit i is the (i % 64)th most significant bit of word i / 64.</summary>
    internal ReadOnlySpan<ulong> Words => Materialize();

    private int WordCount => (Length + 63) / 64;

    // The bits of the last word that stand for pieces.
    private ulong LastMask => Length % 64 == 0 ? ulong.MaxValue : ulong.MaxValue << (64 - (Length % 64));

    /// <summary>Parses the wire format (BEP 3, bitfield); false, with an empty set, if the length is wrong or a spare bit is set.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, int length, out Bitfield bitfield)
    {
        bitfield = new Bitfield(length);
        return bitfield.TryLoad(bytes, spareBits: 0);
    }

    /// <summary>
    /// Parses a bitfield received from a peer. Some clients leave spare bits set; like other clients, we clear them silently. False, with
    /// an empty set, if the length is wrong.
    /// </summary>
    internal static bool TryParseLoosely(ReadOnlySpan<byte> bytes, int length, out Bitfield bitfield)
    {
        bitfield = new Bitfield(length);
        return bitfield.TryLoad(bytes, spareBits: length % 64 == 0 ? 0 : ulong.MaxValue >> (length % 64));
    }

    /// <summary>Adds a piece; false if it was in the set already.</summary>
    public bool Add(PieceIndex piece)
    {
        if (this[piece])
            return false;
        Materialize()[piece.Value >> 6] |= Mask(piece);
        Count++;
        return true;
    }

    /// <summary>Removes a piece; false if it was not in the set.</summary>
    public bool Remove(PieceIndex piece)
    {
        if (!this[piece])
            return false;
        Materialize()[piece.Value >> 6] &= ~Mask(piece);
        Count--;
        return true;
    }

    /// <summary>Adds every piece.</summary>
    public void AddAll()
    {
        Count = Length;
        if (_words is not null)
            Fill(_words);
    }

    /// <summary>Adds all pieces of another set of the same length.</summary>
    internal void AddAll(Bitfield other)
    {
        if (other.Count == 0 || IsFull)
            return;
        if (other.IsFull)
        {
            AddAll();
            return;
        }

        ulong[] words = Materialize();
        int count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            words[i] |= other._words![i];
            count += BitOperations.PopCount(words[i]);
        }

        Count = count;
    }

    /// <summary>Adds the pieces that two other sets of the same length have in common.</summary>
    internal void AddCommon(Bitfield one, Bitfield other)
    {
        if (one.Count == 0 || other.Count == 0)
            return;
        if (one.IsFull || other.IsFull)
        {
            AddAll(one.IsFull ? other : one);
            return;
        }

        ulong[] words = Materialize();
        int count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            words[i] |= one._words![i] & other._words![i];
            count += BitOperations.PopCount(words[i]);
        }

        Count = count;
    }

    /// <summary>The number of pieces that this set and another have in common and a third lacks; all have the same length.</summary>
    internal int CountOfCommonButNotIn(Bitfield other, Bitfield third)
    {
        int count = 0;
        for (PieceIndex? next = FirstCommonAtOrAfter(other, default);
            next is { } piece;
            next = FirstCommonAtOrAfter(other, new PieceIndex(piece.Value + 1)))
            count += third[piece] ? 0 : 1;
        return count;
    }

    /// <summary>Removes every piece.</summary>
    public void Clear()
    {
        Count = 0;
        if (_words is not null)
            Array.Clear(_words);
    }

    /// <summary>Releases memory that an empty or full set does not need.</summary>
    internal void Trim()
    {
        if (Count == 0 || IsFull)
            _words = null;
    }

    /// <summary>Makes this set equal to another of the same length.</summary>
    public void CopyFrom(Bitfield other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        if (other._words is null)
        {
            if (other.Count == 0)
                Clear();
            else
                AddAll();
            return;
        }

        other._words.CopyTo(_words ??= new ulong[WordCount], 0);
        Count = other.Count;
    }

    /// <summary>Whether this set and the other have a piece in common.</summary>
    public bool Intersects(Bitfield other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        if (_words is null || other._words is null)
            return Count > 0 && other.Count > 0;
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

    /// <summary>The first piece, at or after the given one, that is in both sets; null if there is none.</summary>
    public PieceIndex? FirstCommonAtOrAfter(Bitfield other, PieceIndex piece)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        if (_words is null || other._words is null)
            return Count == 0 || other.Count == 0 ? null : _words is null ? other.FirstAtOrAfter(piece) : FirstAtOrAfter(piece);
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

    /// <summary>The first piece, at or after the given one, that is in this set but not in the other; null if there is none.</summary>
    internal PieceIndex? FirstNotIn(Bitfield other, PieceIndex piece)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, Length, nameof(other));
        if (Count == 0 || other.IsFull || piece.Value >= Length)
            return null;
        if (other.Count == 0)
            return FirstAtOrAfter(piece);
        ReadOnlySpan<ulong> theirs = other._words;
        ulong mask = ulong.MaxValue >> (piece.Value & 63);
        for (int word = piece.Value >> 6; word < theirs.Length; word++)
        {
            ulong bits = (_words is null ? ulong.MaxValue : _words[word]) & ~theirs[word] & mask;
            mask = ulong.MaxValue;
            if (bits == 0)
                continue;
            int first = (word << 6) + BitOperations.LeadingZeroCount(bits);
            return first < Length ? new PieceIndex(first) : null;
        }

        return null;
    }

    /// <summary>The first piece in the set at or after the given one; null if there is none.</summary>
    public PieceIndex? FirstAtOrAfter(PieceIndex piece)
    {
        if (piece.Value >= Length)
            return null;
        if (_words is null)
            return Count == 0 ? null : piece;
        int word = piece.Value >> 6;
        ulong bits = _words[word] & (ulong.MaxValue >> (piece.Value & 63));
        while (bits == 0)
        {
            if (++word == _words.Length)
                return null;
            bits = _words[word];
        }

        return new PieceIndex((word << 6) + BitOperations.LeadingZeroCount(bits));
    }

    /// <summary>Creates an independent copy.</summary>
    public Bitfield Clone() => new(this);

    /// <summary>Writes the wire format.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span<byte> last = stackalloc byte[8];
        for (int i = 0; i < WordCount; i++)
        {
            int left = ByteLength - (i * 8);
            ulong word = _words is not null ? _words[i] : Count == 0 ? 0 : i == WordCount - 1 ? LastMask : ulong.MaxValue;
            if (left >= 8)
            {
                BinaryPrimitives.WriteUInt64BigEndian(destination[(i * 8)..], word);
            }
            else
            {
                BinaryPrimitives.WriteUInt64BigEndian(last, word);
                last[..left].CopyTo(destination[(i * 8)..]);
            }
        }
    }

    /// <summary>The wire format.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    // The given spare bits of the last word are ignored.
    private bool TryLoad(ReadOnlySpan<byte> bytes, ulong spareBits)
    {
        if (bytes.Length != ByteLength)
            return false;
        ulong[] words = new ulong[WordCount];
        int count = 0;
        for (int i = 0; i < words.Length; i++)
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

            if (i == words.Length - 1)
                word &= ~spareBits;
            words[i] = word;
            count += BitOperations.PopCount(word);
        }

        bool fits = words.Length == 0 || (words[^1] & ~LastMask) == 0;
        if (fits)
        {
            (_words, Count) = (words, count);
            Trim();
        }

        return fits;
    }

    private ulong[] Materialize()
    {
        if (_words is not null)
            return _words;
        ulong[] words = new ulong[WordCount];
        if (Count > 0)
            Fill(words);
        return _words = words;
    }

    private void Fill(ulong[] words)
    {
        Array.Fill(words, ulong.MaxValue);
        if (words.Length > 0)
            words[^1] = LastMask;
    }

    private static ulong Mask(PieceIndex piece) => 1UL << (63 - (piece.Value & 63));
}
