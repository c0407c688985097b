using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Spoils pieces that others also supply, and is honest with those that are requested from it alone: it waits a moment to find out.
/// </summary>
internal sealed class SlySeed(SimSwarm swarm, SimHost host) : ScriptedPeer(swarm, host)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
    private readonly Dictionary<PieceIndex, HashSet<int>> _asked = [];

    /// <summary>The number of bad blocks that it has sent.</summary>
    public int Lies { get; private set; }

    public override byte[]? Read(BlockRange block)
    {
        byte[] bytes = Original(block);
        if (_asked[block.Piece].Count == Swarm.Content.Layout.BlockCountOf(block.Piece))
            return bytes;
        Lies++;
        bytes[Lies % bytes.Length] ^= 0x40;
        return bytes;
    }

    protected override void OnRequest(SimConnection connection, BlockRange block)
    {
        if (!_asked.TryGetValue(block.Piece, out HashSet<int>? blocks))
            _asked[block.Piece] = blocks = [];
        blocks.Add(block.Offset / Limits.BlockLength);
        Swarm.Clock.After(Moment, () =>
        {
            if (!connection.IsClosed)
                connection.SendBlock(block);
        });
    }
}
