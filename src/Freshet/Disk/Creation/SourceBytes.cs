using Freshet.Core.Pieces;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Creation;

/// <summary>The bytes of consecutive pieces of a torrent that is being created.</summary>
internal readonly struct SourceBytes(SourceFiles files, int first, StorageError?[] errors, WorkerMemory memory) : IPieceBytes
{
    public int First => first;

    public int ChunkLength => WorkerMemory.SlotLength;

    public nint Get(int index, int offset, int length)
    {
        IoBuffer buffer = memory.Slot(index, length);
        errors[index] = files.Read(files.Layout.OffsetOf(new PieceIndex(first + index)) + offset, buffer);
        return errors[index] is null ? buffer.Address : 0;
    }

    public StorageError? ErrorOf(int index) => errors[index];
}
