using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;

namespace Freshet.Disk;

/// <summary>
/// All the memory that payload may take, in blocks of 16 KiB. Torrents rent them through a <see cref="BlockShare"/> each; when there is
/// none for a torrent, its read loops wait for one, and so its peers wait: this is the download's back-pressure. Every block rented is
/// returned once; a second return throws.
/// </summary>
/// <remarks>
/// Two rules say whether a torrent gets one more block.
/// <list type="bullet">
/// <item>No torrent holds more than <see cref="MostOfOne"/>, which the session divides by what torrents want; it follows within a beat or
/// two.</item>
/// <item>No torrent holds more than <see cref="DiskLimits.BlockReserve"/> times what is free. So whoever holds all that one torrent may, on
/// a disk that hangs say, leaves some for the next, who leaves some for the one after. The pool is larger than its capacity by so much that
/// a torrent alone may still hold all of that.</item>
/// </list>
/// </remarks>
internal sealed class BlockPool
{
    private readonly BlockMemory _memory;
    private readonly BlockShare?[] _renters;
    private readonly BlockWaiting _waiting = new();
    private readonly BlockUse _use = new();
    private volatile int _mostOfOne;

    /// <param name="capacityBytes">The most memory for one torrent; rounded up to a MiB.</param>
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

    /// <summary>The most blocks that one torrent can hold.</summary>
    public int Capacity { get; }

    /// <summary>The most blocks that there can be: the capacity, and what is kept back for whoever comes next.</summary>
    public int Total { get; }

    /// <summary>Blocks rented now, and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>Blocks not rented, whether memory was taken for them or not.</summary>
    public int Free => Total - Rented;

    /// <summary>The most blocks that any torrent may hold now, as the session divides them.</summary>
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

    /// <summary>Guards everything here and in the shares.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>A torrent's use of the pool. It costs nothing while the torrent holds no block.</summary>
    public BlockShare OpenShare(TorrentKey torrent = default) => new(this, torrent);

    /// <summary>The bytes of a rented block, all 16 KiB; pinned.</summary>
    public Memory<byte> MemoryOf(BlockLease lease) => _memory.MemoryOf(lease);

    /// <summary>Where a rented block lies, for the system's scattered reads and writes; good until it is returned.</summary>
    public nint AddressOf(BlockLease lease) => _memory.AddressOf(lease);

    /// <summary>Gives a block back, whoever rented it.</summary>
    public void Return(BlockLease lease) => Return([lease]);

    /// <summary>Gives several blocks back, at the price of one.</summary>
    public void Return(ReadOnlySpan<BlockLease> leases)
    {
        lock (Lock)
        {
            foreach (BlockLease lease in leases)
                TakeBack(lease);
            _waiting.Serve(this);
        }
    }

    /// <summary>Says of which torrents it is news how many blocks they could hold; to be asked at each beat.</summary>
    public IReadOnlyList<(TorrentKey Torrent, int Blocks)> MeasureWants()
    {
        lock (Lock)
            return _use.Measure();
    }

    /// <summary>Lends a block if there is one for that share; under the lock.</summary>
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

    /// <summary>Takes a block back, without a look at who waits for it; under the lock.</summary>
    internal void TakeBack(BlockLease lease)
    {
        BlockShare renter = _renters[lease.Slot] ?? throw new InvalidOperationException($"Block {lease.Slot} was returned twice.");
        _renters[lease.Slot] = null;
        renter.Count(-1);
        Rented--;
        _memory.TakeBack(lease);
    }

    /// <summary>Has a share served in its turn, as soon as there is a block for it; under the lock.</summary>
    internal void Await(BlockShare share)
    {
        _use.Add(share);
        _waiting.Add(share);
    }
}
