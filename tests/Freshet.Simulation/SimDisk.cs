using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Running;

namespace Freshet.Simulation;

/// <summary>
/// A peer's disk: <see cref="SimFiles"/>, and the time that things take. What it is asked for it does in order, each thing after its
/// latency; the power may go between any two of them, or in the middle of one.
/// </summary>
internal sealed class SimDisk(SimClock clock, SimContent content, SimPool pool, Random random, ISimDiskOwner owner) : IRecordedData
{
    private readonly Dictionary<PieceIndex, Bitfield> _written = [];
    private readonly HashSet<PieceIndex> _failed = [];
    private Timestamp _free = clock.Now;
    private int _boot;
    private bool _isClaimed;
    private int _failedFlushes;

    /// <summary>For each thing it is asked.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    public SimFiles Files => field ??= new SimFiles(content, RunLaterAsync);

    /// <summary>Whether there is no space: writing fails.</summary>
    public bool IsFull
    {
        get => Files.IsFull;
        set => Files.IsFull = value;
    }

    /// <summary>Whether nothing can be read.</summary>
    public bool CannotRead
    {
        get => Files.CannotRead;
        set => Files.CannotRead = value;
    }

    /// <summary>Does nothing for a while, as a network's disk does when its network fails; then goes on.</summary>
    public void Hang(TimeSpan time) => _free = (_free > clock.Now ? _free : clock.Now) + time;

    /// <summary>Has the power go in so many calls of the file system.</summary>
    public void CutPowerAfter(int calls) => Files.System.PowerOffAt = Files.System.Calls + calls;

    /// <summary>What a run begins with; the blocks of unfinished pieces are there.</summary>
    public StartingPoint Begin(bool resume)
    {
        StartingPoint point = Files.Begin(this, resume);
        foreach (PartialPiece partial in point.Partials)
        {
            if (Bitfield.TryParse(partial.Blocks.Span, content.Layout.BlockCountOf(partial.Piece), out Bitfield blocks))
                _written[partial.Piece] = blocks;
        }

        return point with { MustClaim = true };
    }

    /// <summary>Grants the right to write, which is needed for it.</summary>
    public void Claim() => Enqueue(4, () =>
    {
        _isClaimed = true;
        owner.OnDataClaimed();
    });

    public void GiveUpClaim() => _isClaimed = false;

    public void Write(BlockRef block, BlockLease lease)
    {
        if (!_isClaimed)
            throw new SimFailureException($"{block} is written before there is a right to");
        Enqueue(1, () => WriteNow(block, lease), lost: () => pool.Return(lease));
    }

    private void WriteNow(BlockRef block, BlockLease lease)
    {
        BlockRange range = content.Layout.RangeOf(block);
        StorageError? error = Files.Write(range, pool.BytesOf(lease).AsSpan(0, range.Length));
        pool.Return(lease);
        if (error is not null)
        {
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, "no space left on the simulated disk", [block.Piece]));
            return;
        }

        if (!_written.TryGetValue(block.Piece, out Bitfield? blocks))
            _written[block.Piece] = blocks = new Bitfield(content.Layout.BlockCountOf(block.Piece));
        blocks.Add(new PieceIndex(block.Index));
        if (!blocks.IsFull)
            return;
        if (ReadPiece(block.Piece) is not { } piece)
        {
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, "the simulated disk cannot be read", [block.Piece]));
            return;
        }

        _written.Remove(block.Piece);
        owner.OnPieceHashed(Judge(block.Piece, piece));
    }

    public void Discard(PieceIndex piece) => Enqueue(0, () => _written.Remove(piece));

    public void Check(Bitfield pieces)
    {
        Bitfield toCheck = pieces.Clone();
        for (PieceIndex? next = toCheck.FirstAtOrAfter(default); next is { } piece; next = toCheck.FirstAtOrAfter(new(piece.Value + 1)))
            Enqueue(1, () => CheckOne(piece));
        Enqueue(0, owner.OnCheckFinished);
    }

    public void Probe() => Enqueue(1, () =>
    {
        if (IsFull || CannotRead)
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, "the simulated disk fails still", []));
        else
            owner.OnDiskRecovered();
    });

    FileMap IRecordedData.Map => FileMap.Identity;

    int IRecordedData.FailedFlushes => _failedFlushes;

    (ImmutableArray<FileStamp> Stamps, StorageError? Obstacle) IRecordedData.Survey(TorrentOptions options) => Files.Survey();

    bool IRecordedData.HasLostPartFile(Bitfield have) => false;

    void IRecordedData.DoubtFiles() => Files.DoubtFiles();

    Task<ImmutableArray<FileStamp>> IRecordedData.LookAsync(CancellationToken givenUp) => QueueAsync(1, Files.Look);

    Task<FlushResult> IRecordedData.FlushAsync(CancellationToken givenUp) => QueueAsync(4, Flush);

    IReadOnlyCollection<int> IRecordedData.TakeFlushed() => Files.TakeFlushed();

    Task<ImmutableArray<FileStamp>> IRecordedData.CloseAndLookAsync(CancellationToken givenUp) => QueueAsync(1, Files.CloseAndLook);

    Task<bool> IRecordedData.IsWholeAsync(CancellationToken givenUp) => QueueAsync(1, () =>
    {
        if (Files.FindLoss() is not { } loss)
            return true;
        owner.OnDiskFailed(new DiskFailure(DiskOperation.Write, loss.Message, []));
        return false;
    });

    Task IRecordedData.TidyAsync(FileMap recorded, CancellationToken givenUp) => Task.CompletedTask;

    /// <summary>A block's bytes for a peer; null if they cannot be read.</summary>
    public byte[]? Read(BlockRange range) => Files.Read(range, out byte[] bytes) is null ? bytes : null;

    /// <summary>
    /// The program is killed: what it asked for and was not done is lost. If the power fails too, so is what was not flushed.
    /// </summary>
    public void Crash(bool powerFails)
    {
        _boot++;
        _isClaimed = false;
        _failedFlushes = 0;
        _written.Clear();
        Files.Restart(powerFails, random);
    }

    private byte[]? ReadPiece(PieceIndex piece) => Read(new BlockRange(piece, 0, content.Layout.LengthOf(piece)));

    private PieceVerdict Judge(PieceIndex piece, byte[] bytes)
    {
        bool isGood = content.HasHash(piece, bytes);
        if (isGood && !_failed.Remove(piece))
            return new PieceVerdict(piece, isGood);
        if (!isGood)
            _failed.Add(piece);
        IEnumerable<BlockRange> blocks = Enumerable.Range(0, content.Layout.BlockCountOf(piece))
            .Select(block => content.Layout.RangeOf(new BlockRef(piece, block)));
        return new PieceVerdict(
            piece, isGood, [.. blocks.Select(block => new Bytes20(SHA1.HashData(bytes.AsSpan(block.Offset, block.Length))))]);
    }

    private void CheckOne(PieceIndex piece)
    {
        if (CannotRead)
        {
            owner.OnDiskFailed(new DiskFailure(DiskOperation.Check, "the simulated disk cannot be read", [piece]));
            return;
        }

        bool isGood = ReadPiece(piece) is { } bytes && content.HasHash(piece, bytes);
        if (isGood)
            Files.OnFoundGood(piece);
        owner.OnPieceChecked(piece, isGood);
    }

    private FlushResult Flush()
    {
        ImmutableArray<PartialPiece> partial = [.. _written.Select(piece => new PartialPiece(piece.Key, piece.Value.ToArray()))];
        StorageError? error = Files.Flush();
        if (error is null)
            return new FlushResult(null, partial);
        _failedFlushes++;
        return new FlushResult(error, []);
    }

    private Task<bool> RunLaterAsync(Action call) => QueueAsync(1, () =>
    {
        call();
        return true;
    });

    private Task<T> QueueAsync<T>(int cost, Func<T> call)
    {
        TaskCompletionSource<T> done = new();
        Enqueue(cost, () => SimTasks.Complete(done, call));
        return done.Task;
    }

    private void Enqueue(int cost, Action action, Action? lost = null)
    {
        int boot = _boot;
        _free = (_free > clock.Now ? _free : clock.Now) + (Latency * cost);
        clock.At(_free, () =>
        {
            if (boot == _boot)
                Run(action);
            else
                lost?.Invoke();
        });
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // A record that cannot be written: the one before it stands, and the next checkpoint tries again.
        }

        if (Files.IsOff)
            owner.OnPowerCut();
    }
}
