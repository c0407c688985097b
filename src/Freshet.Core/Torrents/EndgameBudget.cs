using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// How many blocks may still be asked of a second source in endgame while the first may have them on their way: a small part of the torrent.
/// </summary>
/// <remarks>
/// A cancelled block comes all the same if it lies in the buffers between the peer and us already, and a peer that pauses for a moment may
/// have sent all that it was asked for. So each block asked again counts until one of both says that it does not send it (BEP 6) or long
/// enough has passed, and for good if it arrives twice.
/// </remarks>
internal sealed class EndgameBudget(TorrentContext torrent)
{
    private const int PartOfTorrent = 100;
    private const int Least = 64;
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(3);

    private readonly HashSet<BlockRef> _open = [];
    private readonly Queue<(BlockRef Block, Timestamp AskedAt)> _byAge = new();
    private long _twice;

    /// <summary>Whether a block may be asked again.</summary>
    public bool HasRoom => _open.Count + _twice < Math.Max(torrent.Layout.TotalLength / Limits.BlockLength / PartOfTorrent, Least);

    /// <summary>A block was asked of a second source.</summary>
    public void OnAskedAgain(BlockRef block, Timestamp now)
    {
        if (_open.Add(block))
            _byAge.Enqueue((block, now));
    }

    /// <summary>One who was asked for a block will not send it.</summary>
    public void OnRejected(BlockRef block) => _open.Remove(block);

    /// <summary>A block arrived that was there.</summary>
    public void OnTwice()
    {
        if (torrent.IsFetching && torrent.Picker.IsEndgame)
            _twice++;
    }

    /// <summary>What every tick does.</summary>
    public void OnTick(Timestamp now)
    {
        while (_byAge.TryPeek(out (BlockRef Block, Timestamp AskedAt) oldest) && now - oldest.AskedAt > LongestDoubt)
        {
            _byAge.Dequeue();
            _open.Remove(oldest.Block);
        }
    }
}
