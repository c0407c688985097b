using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>
/// A torrent of random bytes on a disk service, with its owner's side, and proof at the end that every block was returned.
/// </summary>
internal sealed class DiskBench : ITorrentDiskOwner, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<Exception> _faults = new();
    private long _ticks;

    public DiskBench(int length, int pieceLength, IStorage? storage = null, int workers = 2, long poolBytes = 16 << 20)
    {
        Content = new byte[length];
        new Random(length).NextBytes(Content);
        Layout = new PieceLayout(pieceLength, ImmutableArray.Create<long>(length));
        Memory = storage as MemoryStorage ?? new MemoryStorage(length);
        Pool = new BlockPool(poolBytes);
        Service = new DiskService(new DiskServiceOptions { Pool = Pool, Workers = workers, OnFault = OnFault });
        Torrent = Open(storage ?? Memory, this);
    }

    /// <summary>Whether the handler of faults throws as well.</summary>
    public bool ThrowsOnFault { get; init; }

    public byte[] Content { get; }

    public PieceLayout Layout { get; }

    public MemoryStorage Memory { get; }

    public BlockPool Pool { get; }

    public DiskService Service { get; }

    public TorrentDisk Torrent { get; }

    public ConcurrentDictionary<PieceIndex, bool> Hashed { get; } = new();

    /// <summary>The hashes of blocks that came with the last verdict on a piece.</summary>
    public ConcurrentDictionary<PieceIndex, ImmutableArray<Bytes20>> Blocks { get; } = new();

    public ConcurrentDictionary<PieceIndex, bool> Checked { get; } = new();

    public ConcurrentQueue<(StorageError Error, IReadOnlyList<PieceIndex> Pieces)> Failures { get; } = new();

    public ConcurrentQueue<PieceIndex> Unreadable { get; } = new();

    public int ChecksFinished { get; private set; }

    public int Recoveries { get; private set; }

    public IEnumerable<BlockRef> AllBlocks =>
        from piece in Enumerable.Range(0, Layout.PieceCount)
        from block in Enumerable.Range(0, Layout.BlockCountOf(new PieceIndex(piece)))
        select new BlockRef(new PieceIndex(piece), block);

    public TorrentDisk Open(IStorage storage, ITorrentDiskOwner owner) => Service.Open(
        new TorrentDiskOptions { Storage = storage, Layout = Layout, Hashes = new Sha1Hashes(HashesOf(Content, Layout)), Owner = owner });

    public static byte[] HashesOf(byte[] content, PieceLayout layout)
    {
        byte[] hashes = new byte[20 * layout.PieceCount];
        for (int i = 0; i < layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            SHA1.HashData(content.AsSpan((int)layout.OffsetOf(piece), layout.LengthOf(piece)), hashes.AsSpan(20 * i));
        }

        return hashes;
    }

    /// <summary>Gives a block as a peer would, when the pool has room; the disk's timers keep running.</summary>
    public async Task Send(BlockRef block, bool isBad = false, TorrentDisk? torrent = null)
    {
        torrent ??= Torrent;
        ValueTask<BlockLease> renting = torrent.Blocks.RentAsync(CancellationToken.None);
        BlockLease lease = await (renting.IsCompleted ? renting.AsTask() : TickUntil(renting.AsTask()));
        Fill(block, lease, isBad);
        torrent.WriteBlock(block, lease);
    }

    public void Fill(BlockRef block, BlockLease lease, bool isBad = false)
    {
        Span<byte> memory = Pool.MemoryOf(lease).Span;
        Content.AsSpan((int)Layout.OffsetOf(block), Layout.LengthOf(block)).CopyTo(memory);
        if (isBad)
            memory[0] ^= 1;
    }

    public async Task SendAll(IEnumerable<BlockRef> blocks)
    {
        foreach (BlockRef block in blocks)
            await Send(block);
    }

    /// <summary>Waits for a condition while the service's clock runs fast.</summary>
    public async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "The condition did not come true in time.");
            Tick();
            await Task.Yield();
        }
    }

    public void Tick() => Service.Tick(new Timestamp(Interlocked.Add(ref _ticks, TimeSpan.TicksPerSecond)));

    public void OnPieceHashed(PieceVerdict verdict)
    {
        Blocks[verdict.Piece] = verdict.Blocks;
        Hashed[verdict.Piece] = verdict.IsGood;
    }

    public void OnPieceChecked(PieceIndex piece, bool isGood) => Assert.True(Checked.TryAdd(piece, isGood));

    public void OnPieceUnreadable(PieceIndex piece, StorageError error) => Unreadable.Enqueue(piece);

    public void OnCheckFinished() => ChecksFinished++;

    public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
        Failures.Enqueue((error, pieces));

    public void OnDiskRecovered() => Recoveries++;

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Assert.Empty(_faults);
        Assert.Equal(0, Pool.Rented);
    }

    /// <summary>How many faults there were, all of them expected.</summary>
    public int TakeFaults()
    {
        int count = _faults.Count;
        _faults.Clear();
        return count;
    }

    private void OnFault(Exception fault)
    {
        _faults.Enqueue(fault);
        if (ThrowsOnFault)
            throw new IOException("The log cannot be written.");
    }

    private async Task<BlockLease> TickUntil(Task<BlockLease> renting)
    {
        await Until(() => renting.IsCompleted);
        return await renting;
    }
}
