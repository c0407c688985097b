using System.Runtime.CompilerServices;
using Freshet.Core;
using Freshet.FileSystem;

namespace Freshet.Disk.Downloads;

/// <summary>Writes contiguous blocks with one call.</summary>
internal sealed class BlockWriter(BlockPool pool)
{
    // 16 MiB of blocks, 4 KiB of stack.
    private const int MaxRun = 256;

    public long BytesWritten { get; private set; }

    public long Writes { get; private set; }

    /// <summary>Writes every block that is only in memory.</summary>
    public StorageError? WriteAll(PieceBuffer buffer)
    {
        int block = 0;
        while (buffer.Unwritten > 0 && block < buffer.BlockCount)
        {
            int count = RunFrom(buffer, block);
            if (count > 0 && WriteRun(buffer, block, count) is { } error)
                return error;
            block += Math.Max(1, count);
        }

        return null;
    }

    /// <summary>
    /// Writes the run around a block, if it is long enough to be worth a call. Blocks that have just arrived are still in the cache:
    /// writing them now costs half as much as when their piece is complete.
    /// </summary>
    /// <param name="buffer">The piece.</param>
    /// <param name="block">The block that has just arrived.</param>
    /// <param name="release">Whether to free the run's memory, so that it is read again when the piece is hashed.</param>
    public StorageError? WriteRunAround(PieceBuffer buffer, int block, bool release)
    {
        int first = block;
        while (first > 0 && block - first < MaxRun / 2 && buffer.PlaceOf(first - 1) == BlockPlace.Memory)
            first--;
        int count = RunFrom(buffer, first);
        if (count < DiskLimits.BlocksPerWrite)
            return null;
        StorageError? error = WriteRun(buffer, first, count);
        if (release && error is null)
            buffer.Release(first, count);
        return error;
    }

    private static int RunFrom(PieceBuffer buffer, int first)
    {
        int count = 0;
        while (count < MaxRun && first + count < buffer.BlockCount && buffer.PlaceOf(first + count) == BlockPlace.Memory)
            count++;
        return count;
    }

    [SkipLocalsInit]
    private StorageError? WriteRun(PieceBuffer buffer, int first, int count)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxRun];
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            run[i] = new IoBuffer(pool.AddressOf(buffer.LeaseOf(first + i)), buffer.LengthOf(first + i));
            length += (int)run[i].Length;
        }

        long offset = buffer.Torrent.Layout.OffsetOf(buffer.Piece) + ((long)first * Limits.BlockLength);
        StorageError? error = buffer.Torrent.Storage.Write(offset, run[..count]);
        if (error is not null)
            return error;
        for (int i = 0; i < count; i++)
            buffer.SetWritten(first + i);
        BytesWritten += length;
        Writes++;
        return null;
    }
}
