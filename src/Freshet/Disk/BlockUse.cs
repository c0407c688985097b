using Freshet.Core.Sessions;

namespace Freshet.Disk;

/// <summary>
/// Which torrents use a pool, and how many blocks each could use. Idle torrents are not visited. Guarded by the pool's lock.
/// </summary>
internal sealed class BlockUse
{
    private readonly List<BlockShare> _shares = [];
    private int _beats;

    public void Add(BlockShare share)
    {
        if (share.IsInUse)
            return;
        share.IsInUse = true;
        _shares.Add(share);
    }

    /// <summary>Measures, and returns the torrents whose number has changed.</summary>
    public IReadOnlyList<(TorrentKey Torrent, int Blocks)> Measure()
    {
        List<(TorrentKey Torrent, int Blocks)>? news = null;
        bool endsRound = ++_beats % DiskLimits.BeatsPerBlockRound == 0;
        for (int i = _shares.Count - 1; i >= 0; i--)
        {
            BlockShare share = _shares[i];
            if (share.MeasureWant(endsRound))
                (news ??= []).Add((share.Torrent, share.Wanted));
            if (share.Wanted > 0 || share.Rented > 0)
                continue;
            share.IsInUse = false;
            _shares[i] = _shares[^1];
            _shares.RemoveAt(_shares.Count - 1);
        }

        return news ?? [];
    }
}
