using Freshet.Connections;
using Freshet.Core;
using Freshet.Disk;

namespace Freshet.Running;

/// <summary>Reads blocks for a torrent's uploads: those that follow one another in the torrent with one call to the system.</summary>
internal sealed class DiskBlockReader(TorrentDisk disk) : IBlockReader
{
    public ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer) => new(Read(slots.Span, buffer));

    private unsafe BlockReadResult Read(ReadOnlySpan<BlockSlot> slots, Memory<byte> buffer)
    {
        Span<IoBuffer> parts = stackalloc IoBuffer[Limits.MaxReadRun];
        fixed (byte* start = buffer.Span)
        {
            for (int done = 0; done < slots.Length;)
            {
                int count = RunLength(slots[done..]);
                for (int i = 0; i < count; i++)
                {
                    BlockSlot slot = slots[done + i];

                    // The slice checks what the address alone would not.
                    _ = buffer.Slice(slot.BufferOffset, slot.Block.Length);
                    parts[i] = new IoBuffer((nint)(start + slot.BufferOffset), slot.Block.Length);
                }

                if (disk.Read(OffsetOf(slots[done]), parts[..count]) is { } error)
                    return new BlockReadResult(done, error.Message);
                done += count;
            }
        }

        return new BlockReadResult(slots.Length, null);
    }

    /// <summary>How many slots, from the first on, hold bytes that follow one another.</summary>
    private int RunLength(ReadOnlySpan<BlockSlot> slots)
    {
        int count = 1;
        while (count < slots.Length && count < Limits.MaxReadRun
            && OffsetOf(slots[count]) == OffsetOf(slots[count - 1]) + slots[count - 1].Block.Length)
            count++;
        return count;
    }

    private long OffsetOf(BlockSlot slot) => disk.Layout.OffsetOf(slot.Block.Piece) + slot.Block.Offset;
}
