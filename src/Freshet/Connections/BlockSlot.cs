using Freshet.Core.Pieces;

namespace Freshet.Connections;

/// <summary>A block to be read, and where in the send buffer its bytes belong.</summary>
internal readonly record struct BlockSlot(BlockRange Block, int BufferOffset);
