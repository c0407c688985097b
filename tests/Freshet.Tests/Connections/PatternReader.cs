using Freshet.Connections;
using Freshet.Core.Pieces;

namespace Freshet.Tests.Connections;

/// <summary>Blocks whose bytes follow from their position; some pieces fail.</summary>
internal sealed class PatternReader : IBlockReader
{
    private readonly HashSet<int> _bad = [];
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>If it is set, reads wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static byte ByteAt(BlockRange block, int i) => (byte)(block.Piece.Value * 31 + block.Offset / 16_384 * 7 + i * 13);

    public static bool IsPattern(BlockRange block, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < block.Length; i++)
        {
            if (bytes[i] != ByteAt(block, i))
                return false;
        }

        return true;
    }

    public void Break(PieceIndex piece) => _bad.Add(piece.Value);

    public async ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer)
    {
        Interlocked.Increment(ref _reads);
        if (!Gate.IsCompleted)
            await Gate;
        for (int s = 0; s < slots.Length; s++)
        {
            BlockSlot slot = slots.Span[s];
            if (_bad.Contains(slot.Block.Piece.Value))
                return new BlockReadResult(s, "the disk is broken");
            for (int i = 0; i < slot.Block.Length; i++)
                buffer.Span[slot.BufferOffset + i] = ByteAt(slot.Block, i);
        }

        return new BlockReadResult(slots.Length, null);
    }
}
