using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Benchmarks;

/// <summary>The way of a block from the pool to a file: copied in, queued, hashed with its piece, written and returned.</summary>
[MemoryDiagnoser]
[RunOncePerIteration]
[IterationCount(10)]
#pragma warning disable CA1001 // CleanUp disposes of them.
public class DiskBenchmarks
#pragma warning restore CA1001
{
    private const int Pieces = 256;
    private const int PieceLength = 1 << 20;
    private const int Blocks = PieceLength / Core.Limits.BlockLength;

    private readonly byte[] _content = new byte[PieceLength];
    private readonly Counter _counter = new();
    private DirectoryInfo _folder = null!;
    private BlockPool _pool = null!;
    private FileHandles _handles = null!;
    private DiskService _service = null!;
    private TorrentDisk _torrent = null!;

    [GlobalSetup]
    public void SetUp()
    {
        new Random(1).NextBytes(_content);
        byte[] hash = SHA1.HashData(_content);
        PieceLayout layout = new(PieceLength, [(long)Pieces * PieceLength]);
        _folder = Directory.CreateTempSubdirectory("freshet-");
        _handles = new FileHandles();
        _pool = new BlockPool();
        _service = new DiskService(new DiskServiceOptions { Pool = _pool });
        TorrentFile file = new() { Index = 0, Path = "file", Length = layout.TotalLength, Offset = 0 };
        FileStorageOptions storage = new() { Folder = _folder.FullName, Files = [file], Layout = layout, Handles = _handles };
        _torrent = _service.Open(new TorrentDiskOptions
        {
            Storage = new FileStorage(storage),
            Layout = layout,
            Hashes = new Sha1Hashes(Enumerable.Repeat(hash, Pieces).SelectMany(bytes => bytes).ToArray()),
            Owner = _counter,
        });
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _service.DisposeAsync();
        _handles.Dispose();
        _folder.Delete(recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Pieces * Blocks)]
    public async Task WriteBlock()
    {
        _counter.Left = Pieces;
        for (int i = 0; i < Pieces * Blocks; i++)
        {
            BlockRef block = new(new PieceIndex(i / Blocks), i % Blocks);
            if (!_torrent.Blocks.TryRent(out BlockLease lease))
                lease = await _torrent.Blocks.RentAsync(CancellationToken.None);
            _content.AsSpan(block.Offset, Core.Limits.BlockLength).CopyTo(_pool.MemoryOf(lease).Span);
            _torrent.WriteBlock(block, lease);
        }

        await _counter.Done.WaitAsync();
    }

    private sealed class Counter : ITorrentDiskOwner
    {
        private int _left;

        public SemaphoreSlim Done { get; } = new(0);

        public int Left { set => _left = value; }

        public void OnPieceHashed(PieceVerdict verdict)
        {
            if (!verdict.IsGood)
                throw new InvalidOperationException("A good piece was reported as bad.");
            if (Interlocked.Decrement(ref _left) == 0)
                Done.Release();
        }

        public void OnPieceChecked(PieceIndex piece, bool isGood)
        {
        }

        public void OnPieceUnreadable(PieceIndex piece, StorageError error)
        {
        }

        public void OnCheckFinished()
        {
        }

        public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
            throw new InvalidOperationException(error.Message);

        public void OnDiskRecovered()
        {
        }
    }
}
