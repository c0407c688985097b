namespace Freshet.Disk;

/// <summary>The torrents of which read loops wait for blocks: each gets one, then the next. Guarded by the pool's lock.</summary>
internal sealed class BlockWaiting
{
    private readonly Queue<BlockShare> _queue = new();
    private readonly List<BlockShare> _full = [];

    public void Add(BlockShare share)
    {
        if (share.IsQueued)
            return;
        share.IsQueued = true;
        _queue.Enqueue(share);
    }

    /// <summary>Lends what is free. Looks once at each torrent that waits and may have no more, and once for each block.</summary>
    public void Serve(BlockPool pool)
    {
        while (pool.Free > 0 && _queue.TryDequeue(out BlockShare? share))
        {
            // As blocks are lent, who may have no more is not going to.
            if (share.HasWaiters && !share.TryServe())
            {
                _full.Add(share);
                continue;
            }

            share.IsQueued = share.HasWaiters;
            if (share.IsQueued)
                _queue.Enqueue(share);
        }

        foreach (BlockShare share in _full)
            _queue.Enqueue(share);
        _full.Clear();
    }
}
