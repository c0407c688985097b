namespace Freshet.Disk;

/// <summary>The torrents whose read loops wait for blocks, served round-robin. Guarded by the pool's lock.</summary>
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

    /// <summary>Lends what is free. Visits each waiting torrent that may have no more once, and others once for each block.</summary>
    public void Serve(BlockPool pool)
    {
        while (pool.Free > 0 && _queue.TryDequeue(out BlockShare? share))
        {
            // As blocks are lent, a torrent that may have no more will not be allowed any later in this call.
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
