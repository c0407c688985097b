using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;

namespace Freshet.Disk;

/// <summary>
/// All memory for payload, in blocks of 16 KiB. Torrents rent blocks through a <see cref="BlockShare"/> each; when a torrent can get none,
/// its read loops wait, and so do its peers: this is the back-pressure of downloads. Every rented block is returned once; a second return
/// throws.
/// </summary>
/// <remarks>
/// Two rules decide whether a torrent gets one more block.
/// <list type="bullet">
/// <item>No torrent holds more than <see cref="MostOfOne"/>, which the session computes from what torrents want, within a beat or
/// two.</item>
/// <item>No torrent holds more than <see cref="DiskLimits.BlockReserve"/> times what is free. So a torrent that holds all that one may, on
/// a disk that hangs for example, leaves some for the next, which leaves some for the one after. The pool is larger than its capacity by so
/// much that a single torrent can still hold all of the capacity.</item>
/// </list>
/// </remarks>
internal sealed class BlockPool
{
    private readonly BlockMemory _memory;
    private readonly BlockShare?[] _renters;
    private readonly BlockWaiting _waiting = new();
    private readonly BlockUse _use = new();
    private volatile int _mostOfOne;

    /// <param name="capacityBytes">The maximum memory for one torrent; rounded up to a MiB.</param>
    public BlockPool(long capacityBytes = Limits.DefaultBlockPoolBytes)
    {
        const int slabBytes = BlockMemory.BlocksPerSlab * Limits.BlockLength;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        Capacity = checked((int)((capacityBytes + slabBytes - 1) / slabBytes * BlockMemory.BlocksPerSlab));
        Total = Capacity + (Capacity / DiskLimits.BlockReserve);
        _memory = new BlockMemory(Total);
        _renters = new BlockShare?[Total];
        _mostOfOne = Capacity;
    }

    /// <summary>The maximum number of blocks for one torrent.</summary>
    public int Capacity { get; }

    /// <summary>The maximum number of blocks in total: the capacity, and the reserve for torrents that come later.</summary>
    public int Total { get; }

    /// <summary>The number of blocks rented and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>The number of blocks not rented, whether memory was allocated for them or not.</summary>
    public int Free => Total - Rented;

    /// <summary>The maximum number of blocks that any torrent may hold now, as divided by the session.</summary>
    public int MostOfOne
    {
        get => _mostOfOne;
        set
        {
            lock (Lock)
            {
                _mostOfOne = Math.Clamp(value, 1, Capacity);
                _waiting.Serve(this);
            }
        }
    }

    /// <summary>Guards all state here and in the shares.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>A torrent's use of the pool. It costs nothing while the torrent holds no block.</summary>
    public BlockShare OpenShare(TorrentKey torrent = default) => new(this, torrent);

    /// <summary>The bytes of a rented block, all 16 KiB; pinned.</summary>
    public Memory<byte> MemoryOf(BlockLease lease) => _memory.MemoryOf(lease);

    /// <summary>The address of a rented block, for scattered reads and writes; valid until it is returned.</summary>
    public nint AddressOf(BlockLease lease) => _memory.AddressOf(lease);

    /// <summary>Returns a block, whoever rented it.</summary>
    public void Return(BlockLease lease) => Return([lease]);

    /// <summary>Returns several blocks at the cost of one.</summary>
    public void Return(ReadOnlySpan<BlockLease> leases)
    {
        lock (Lock)
        {
            foreach (BlockLease lease in leases)
                TakeBack(lease);
            _waiting.Serve(this);
        }
    }

    /// <summary>Measures how many blocks torrents could use, and returns those that have changed; called at each beat.</summary>
    public IReadOnlyList<(TorrentKey Torrent, int Blocks)> MeasureWants()
    {
        lock (Lock)
            return _use.Measure();
    }

    /// <summary>Lends a block if the share may have one; under the lock.</summary>
    internal bool TryLend(BlockShare share, out BlockLease lease)
    {
        lease = BlockLease.None;
        if (share.Rented >= share.Most)
            return false;
        lease = _memory.Take();
        _renters[lease.Slot] = share;
        share.Count(1);
        Rented++;
        _use.Add(share);
        return true;
    }

    /// <summary>Takes a block back without serving waiters; under the lock.</summary>
    internal void TakeBack(BlockLease lease)
    {
        BlockShare renter = _renters[lease.Slot] ?? throw new InvalidOperationException($"Block {lease.Slot} was returned twice.");
        _renters[lease.Slot] = null;
        renter.Count(-1);
        Rented--;
        _memory.TakeBack(lease);
    }

    /// <summary>Queues a share to be served in turn, as soon as there is a block for it; under the lock.</summary>
    internal void Await(BlockShare share)
    {
        _use.Add(share);
        _waiting.Add(share);
    }
}
