using Freshet.Core;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Downloads;

/// <summary>The bytes of finished pieces: from the pool if they are in memory, otherwise read back, a few blocks at a time.</summary>
internal readonly struct BlockBytes(
    PieceBuffer[] batch, StorageError?[] errors, BlockBytes.Window[] windows, BlockPool pool, WorkerMemory memory) : IPieceBytes
{
    public int ChunkLength => Limits.BlockLength;

    public nint Get(int index, int offset, int length)
    {
        PieceBuffer buffer = batch[index];
        int block = offset / Limits.BlockLength;
        if (buffer.PlaceOf(block) != BlockPlace.Disk)
            return pool.AddressOf(buffer.LeaseOf(block));

        Window window = windows[index];
        if (offset < window.Offset || offset >= window.Offset + window.Length)
        {
            window = new Window(offset, LengthOnDisk(buffer, block));
            windows[index] = window;
            long from = buffer.Torrent.Layout.OffsetOf(buffer.Piece) + offset;
            errors[index] = buffer.Torrent.Storage.Read(from, [memory.Slot(index, window.Length)]);
        }

        return errors[index] is null ? memory.Slot(index).Address + offset - window.Offset : 0;
    }

    private static int LengthOnDisk(PieceBuffer buffer, int block)
    {
        int length = 0;
        while (block < buffer.BlockCount && buffer.PlaceOf(block) == BlockPlace.Disk
            && length + buffer.LengthOf(block) <= WorkerMemory.SlotLength)
            length += buffer.LengthOf(block++);
        return length;
    }

    /// <summary>The part of a piece that is in its memory slot.</summary>
    public readonly record struct Window(int Offset, int Length);
}
