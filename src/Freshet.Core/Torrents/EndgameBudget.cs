using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Limits how many blocks are requested from a second source in the endgame while the first may still send them: a small share of the
/// torrent.
/// </summary>
/// <remarks>
/// A cancelled block still arrives if it is already in the buffers between the peer and us, and a peer that pauses for a moment may have
/// sent everything that was requested. So each repeated request counts until one of the two sources rejects it (BEP 6) or enough time has
/// passed, and for good if the block arrives twice.
/// </remarks>
internal sealed class EndgameBudget(TorrentContext torrent)
{
    private const int PartOfTorrent = 100;
    private const int Least = 64;
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(3);

    // When each was requested again. The queue may have an earlier entry of a block, from before it was rejected.
    private readonly Dictionary<BlockRef, Timestamp> _open = [];
    private readonly Queue<(BlockRef Block, Timestamp AskedAt)> _byAge = new();
    private long _twice;

    /// <summary>Whether another block may be requested a second time.</summary>
    public bool HasRoom => _open.Count + _twice < Math.Max(torrent.Layout.TotalLength / Limits.BlockLength / PartOfTorrent, Least);

    /// <summary>A block was requested from a second source.</summary>
    public void OnAskedAgain(BlockRef block, Timestamp now)
    {
        if (_open.TryAdd(block, now))
            _byAge.Enqueue((block, now));
    }

    /// <summary>One of the sources that were asked for a block will not send it.</summary>
    public void OnRejected(BlockRef block) => _open.Remove(block);

    /// <summary>A block arrived that had been received already.</summary>
    public void OnTwice()
    {
        if (torrent.IsFetching && torrent.Picker.IsEndgame)
            _twice++;
    }

    /// <summary>Runs on every tick.</summary>
    public void OnTick(Timestamp now)
    {
        while (_byAge.TryPeek(out (BlockRef Block, Timestamp AskedAt) oldest) && now - oldest.AskedAt > LongestDoubt)
        {
            _byAge.Dequeue();
            if (_open.TryGetValue(oldest.Block, out Timestamp askedAt) && askedAt == oldest.AskedAt)
                _open.Remove(oldest.Block);
        }
    }
}
