using System.Buffers.Binary;

namespace Freshet.Core.Utp;

/// <summary>
/// Packets received after a gap. They are limited by the receive window, and by how many sequence numbers can be told apart.
/// </summary>
internal sealed class ReorderBuffer(PacketPool pool)
{
    private readonly PacketRing<Entry> _ring = new();
    private readonly SequenceBits _bits = new();
    private SequenceNumber _newest;
    private SequenceNumber _last;

    /// <summary>The number of buffered packets.</summary>
    public int Count { get; private set; }

    /// <summary>Their payload bytes.</summary>
    public int Bytes { get; private set; }

    /// <summary>Buffers a packet; false if it is a duplicate or longer than any that is sent, or there is no memory.</summary>
    /// <param name="expected">The number of the first missing packet.</param>
    /// <param name="number">The number of this packet, which is ahead of that.</param>
    /// <param name="payload">The payload of this packet.</param>
    public bool TryAdd(SequenceNumber expected, SequenceNumber number, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > PacketPool.PacketLength)
            return false;
        _ring.EnsureRoom(expected, number - expected + 1);
        ref Entry entry = ref _ring[number];
        if (entry.IsThere || pool.IsScarce || !pool.TryRent(Count, out int memory))
            return false;
        payload.CopyTo(pool.Of(memory));
        entry = new Entry(memory, payload.Length, IsThere: true);
        _bits.Set(number);
        if (Count == 0 || number - _newest > 0)
            _newest = number;
        _last = number;
        Count++;
        Bytes += payload.Length;
        return true;
    }

    /// <summary>
    /// Removes a packet and returns its payload if it is buffered; the payload stays readable until the next packet is added.
    /// </summary>
    public bool TryTake(SequenceNumber number, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (Count == 0 || !_ring[number].IsThere)
            return false;
        Entry entry = _ring[number];
        _ring[number] = default;
        _bits.Clear(number);
        payload = pool.Of(entry.Memory)[..entry.Length];
        pool.Return(entry.Memory);
        Count--;
        Bytes -= entry.Length;
        return true;
    }

    /// <summary>
    /// Writes which packets are buffered, as extensions to follow a header: the bits from the packet after the first missing one on and, if
    /// they do not reach the newest packets, the bits up to the newest too, or those around the packet that arrived last, if neither has
    /// it.
    /// </summary>
    /// <param name="expected">The number of the first missing packet.</param>
    /// <param name="extensions">The destination; <see cref="SelectiveAck.MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public int Describe(SequenceNumber expected, Span<byte> extensions)
    {
        SequenceNumber first = expected + 1;
        int span = _newest - first + 1;
        int bytes = Math.Min((span + 31) / 32 * 4, SelectiveAck.MostBytes);
        int length = 2 + bytes;
        bool isWhole = span <= bytes * 8;
        extensions[0] = (byte)(isWhole ? UtpExtension.None : UtpExtension.RecentAck);
        extensions[1] = (byte)bytes;
        WriteBits(first, span, extensions.Slice(2, bytes));
        if (isWhole)
            return length;
        SequenceNumber recent = _newest - ((SelectiveAck.RecentBytes * 8) - 1);
        if (recent - _last > 0 && _last - first >= bytes * 8)
            recent = _last - (SelectiveAck.RecentBytes * 4);
        Span<byte> more = extensions[length..];
        more[0] = (byte)UtpExtension.None;
        more[1] = 2 + SelectiveAck.RecentBytes;
        BinaryPrimitives.WriteUInt16BigEndian(more[2..], recent.Value);
        WriteBits(recent, SelectiveAck.RecentBytes * 8, more.Slice(4, SelectiveAck.RecentBytes));
        return length + 4 + SelectiveAck.RecentBytes;
    }

    /// <summary>Returns all memory.</summary>
    public void Clear(SequenceNumber expected)
    {
        for (SequenceNumber number = expected; Count > 0; number += 1)
            TryTake(number, out _);
    }

    private void WriteBits(SequenceNumber first, int count, Span<byte> bits)
    {
        Span<byte> word = stackalloc byte[8];
        for (int i = 0; i < bits.Length; i += 8)
        {
            ulong there = _bits.From(first + (i * 8));
            int left = count - (i * 8);
            BinaryPrimitives.WriteUInt64LittleEndian(word, left >= 64 ? there : left > 0 ? there & ((1UL << left) - 1) : 0);
            word[..Math.Min(8, bits.Length - i)].CopyTo(bits[i..]);
        }
    }

    private readonly record struct Entry(int Memory, int Length, bool IsThere);
}
