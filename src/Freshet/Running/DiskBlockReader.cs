using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>
/// Reads blocks for a torrent's uploads, contiguous ones with a single system call. What the page cache holds is read at once; for the rest
/// a disk thread waits instead of the connection's, and the system is asked to read what follows in the piece. Blocks are sent in the order
/// of their requests, since clients take a block that comes early for the loss of those before it.
/// </summary>
/// <remarks>
/// One for each connection or reader, which reads one thing at a time. It is read ahead only where it reads in order or begins a piece,
/// and further with each time that it has to wait: a peer that requests blocks at random makes the disk read nothing else.
/// </remarks>
/// <param name="openDisk">
/// Gives the torrent's data. Connections may exist before the metadata, and so before the data, but nothing is uploaded then.
/// </param>
internal sealed class DiskBlockReader(Func<TorrentDisk> openDisk) : IBlockReader
{
    // Where the last read ended in the torrent, and how far to read ahead from there; 0 if what comes next is not known.
    private long _end = -1;
    private int _ahead;

    public ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer)
    {
        Follow(slots.Span);
        BlockReadResult cached = Read(slots.Span, buffer.Span, 0, waits: false);
        return cached.Count == slots.Length
            ? new ValueTask<BlockReadResult>(cached)
            : new ValueTask<BlockReadResult>(WaitAndReadAsync(slots, buffer, cached.Count));
    }

    // A separate method, so that reads that need not wait allocate nothing.
    private Task<BlockReadResult> WaitAndReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer, int done)
    {
        TorrentDisk disk = openDisk();
        return disk.ReadAsync(OffsetOf(disk, slots.Span[done]), () =>
        {
            BlockReadResult result = Read(slots.Span, buffer.Span, done, waits: true);
            if (result.Count == slots.Length && _ahead > 0)
                ReadAhead(slots.Span[^1].Block);
            return result;
        });
    }

    private void Follow(ReadOnlySpan<BlockSlot> slots)
    {
        TorrentDisk disk = openDisk();
        foreach (BlockSlot slot in slots)
        {
            long offset = OffsetOf(disk, slot);
            if (offset != _end)
                _ahead = slot.Block.Offset == 0 ? DiskLimits.LeastReadAhead : 0;
            else if (_ahead == 0)
                _ahead = DiskLimits.LeastReadAhead;
            _end = offset + slot.Block.Length;
        }
    }

    // Peers request pieces whole, but many of them in turn, which the system does not recognize as reading in order.
    private void ReadAhead(BlockRange last)
    {
        TorrentDisk disk = openDisk();
        int end = last.Offset + last.Length;
        int rest = disk.Layout.LengthOf(last.Piece) - end;
        if (rest > 0)
            disk.ReadAhead(disk.Layout.OffsetOf(last.Piece) + end, Math.Min(rest, _ahead));
        _ahead = Math.Min(2 * _ahead, DiskLimits.MaxReadAhead);
    }

    private unsafe BlockReadResult Read(ReadOnlySpan<BlockSlot> slots, Span<byte> buffer, int done, bool waits)
    {
        TorrentDisk disk = openDisk();
        Span<IoBuffer> parts = stackalloc IoBuffer[Limits.MaxReadRun];
        fixed (byte* start = buffer)
        {
            while (done < slots.Length)
            {
                int count = RunLength(disk, slots[done..]);
                for (int i = 0; i < count; i++)
                {
                    BlockSlot slot = slots[done + i];

                    // The slice checks what the address alone would not.
                    _ = buffer.Slice(slot.BufferOffset, slot.Block.Length);
                    parts[i] = new IoBuffer((nint)(start + slot.BufferOffset), slot.Block.Length);
                }

                long offset = OffsetOf(disk, slots[done]);
                if (!waits && !disk.TryReadCached(offset, parts[..count]))
                    return new BlockReadResult(done, null);
                if (waits && disk.Read(offset, parts[..count]) is { } error)
                    return new BlockReadResult(done, error.Message);
                done += count;
            }
        }

        return new BlockReadResult(slots.Length, null);
    }

    /// <summary>The number of slots, from the first, whose bytes are contiguous.</summary>
    private static int RunLength(TorrentDisk disk, ReadOnlySpan<BlockSlot> slots)
    {
        int count = 1;
        while (count < slots.Length && count < Limits.MaxReadRun
            && OffsetOf(disk, slots[count]) == OffsetOf(disk, slots[count - 1]) + slots[count - 1].Block.Length)
            count++;
        return count;
    }

    private static long OffsetOf(TorrentDisk disk, BlockSlot slot) => disk.Layout.OffsetOf(slot.Block.Piece) + slot.Block.Offset;
}
