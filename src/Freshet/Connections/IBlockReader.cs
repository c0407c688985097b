namespace Freshet.Connections;

/// <summary>Reads the blocks that a connection sends.</summary>
internal interface IBlockReader
{
    /// <summary>
    /// Reads blocks in order, each into its slot of one send buffer, without touching the bytes between the slots. Blocks that are
    /// contiguous in the torrent can thus be read with one call, scattered behind their headers. Never throws: the result says how many
    /// were read.
    /// </summary>
    ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer);
}
