using Freshet.Core.Pieces;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Checks;

/// <summary>
/// The bytes of pieces on disk. They are read a little of each piece at a time, so that they are hashed while in the core's cache; the
/// system is told a MiB ahead, so that a disk that seeks reads long runs.
/// </summary>
internal readonly struct StoredBytes(TorrentDisk torrent, PieceIndex[] batch, StorageError?[] errors, WorkerMemory memory) : IPieceBytes
{
    private const int PrefetchLength = 1024 * 1024;

    public int ChunkLength => WorkerMemory.SlotLength;

    public nint Get(int index, int offset, int length)
    {
        long from = torrent.Layout.OffsetOf(batch[index]) + offset;
        if (offset % PrefetchLength == 0)
            torrent.Storage.Prefetch(from, Math.Min(PrefetchLength, torrent.Layout.LengthOf(batch[index]) - offset));
        IoBuffer buffer = memory.Slot(index, length);
        errors[index] = torrent.Storage.Read(from, [buffer]);
        return errors[index] is null ? buffer.Address : 0;
    }
}
