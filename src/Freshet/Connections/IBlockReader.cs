namespace Freshet.Connections;

/// <summary>Where a connection gets the bytes of the blocks it sends.</summary>
internal interface IBlockReader
{
    /// <summary>
    /// Reads blocks in order, each into its slot of one send buffer; the bytes between the slots are left alone. Blocks that follow
    /// one another in the torrent can so be read at once, scattered behind their headers. Throws nothing: it tells how far it came.
    /// </summary>
    ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer);
}
