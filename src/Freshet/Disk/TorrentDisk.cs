using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk.Checks;
using Freshet.Disk.Downloads;
using Freshet.FileSystem;
using Freshet.Loops;

namespace Freshet.Disk;

/// <summary>
/// One torrent's access to its data. Every method is thread-safe; all but the reads return at once, and their results are reported to the
/// owner. Requests for one piece are handled in order.
/// </summary>
internal sealed class TorrentDisk
{
    private readonly DiskService _service;
    private readonly DiskVolume _volume;
    private readonly UnreadablePieces _unreadable = new();
    private readonly Lock _flushing = new();
    private int[]? _arrivals;
    private int _isClosed;
    private int _failedFlushes;
    private volatile StorageFailure? _failure;

    internal TorrentDisk(DiskService service, DiskVolume volume, TorrentDiskOptions options)
    {
        _service = service;
        _volume = volume;
        Worker = volume.NextWorker();
        Storage = options.Storage;
        Layout = options.Layout;
        Hashes = options.Hashes;
        Owner = new GuardedOwner(options.Owner, volume.OnFault);
        Blocks = options.Blocks ?? volume.Pool.OpenShare();
    }

    public PieceLayout Layout { get; }

    /// <summary>The share that the torrent's blocks are rented from.</summary>
    public BlockShare Blocks { get; }

    /// <summary>
    /// The number of failed flushes, whoever requested them. A flush that succeeds after a failure vouches only for what was written since.
    /// </summary>
    public int FailedFlushes => Volatile.Read(ref _failedFlushes);

    internal IStorage Storage { get; }

    internal IContentHashes Hashes { get; }

    internal ITorrentDiskOwner Owner { get; }

    /// <summary>The worker that writes and hashes.</summary>
    internal int Worker { get; }

    /// <summary>Whether its threads are those of the file system that a folder is on now: others may have been mounted since.</summary>
    public bool BelongsTo(string folder) => _service.VolumeOf(folder) == _volume;

    /// <summary>Used by the worker alone.</summary>
    internal UnfinishedPieces Unfinished => field ??= new UnfinishedPieces(this);

    internal bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>
    /// Hands over a block with its lease. With the last block of its piece, the piece is hashed and written, and then OnPieceHashed is
    /// called. A duplicate block goes back to the pool. Allocates nothing.
    /// </summary>
    public void WriteBlock(BlockRef block, BlockLease lease)
    {
        if (IsClosed)
            Blocks.Pool.Return(lease);
        else
            Post(new DiskItem(DiskAction.Write, this, block, lease));
    }

    /// <summary>Discards what was received of a piece, so that its blocks may be downloaded again.</summary>
    public void DiscardPiece(PieceIndex piece)
    {
        ForgetArrivals(piece);
        Post(new DiskItem(DiskAction.Discard, this, new BlockRef(piece, 0), BlockLease.None));
    }

    /// <summary>Reports blocks that an earlier run has left on disk; they are read back when the piece is hashed.</summary>
    /// <param name="partial">The piece and its blocks; bits that do not fit the piece are ignored.</param>
    public void RestorePartial(PartialPiece partial)
    {
        if (!Bitfield.TryParse(partial.Blocks.Span, Layout.BlockCountOf(partial.Piece), out Bitfield blocks))
            return;
        for (int i = 0; i < blocks.Count; i++)
            NoteArrival(partial.Piece);
        Post(new DiskItem(DiskAction.Restore, this, new BlockRef(partial.Piece, 0), BlockLease.None, blocks));
    }

    /// <summary>
    /// Reads pieces from disk and hashes them, on all workers, alongside their other work. Reported by an OnPieceChecked for each, then
    /// OnCheckFinished; or by OnDiskFailed. Missing files make pieces bad, and are not an error.
    /// </summary>
    public void CheckPieces(Bitfield pieces)
    {
        if (!IsClosed)
            _volume.Checks.Add(new CheckJob(this, pieces.Clone()));
    }

    /// <summary>Cancels checks; pieces being read are still reported, and then nothing more.</summary>
    public void CancelChecks() => _volume.Checks.Cancel(this);

    /// <summary>Reads a run of the torrent's bytes, scattered over buffers, if that needs no wait for the disk.</summary>
    /// <param name="offset">The offset in the torrent; see <see cref="PieceLayout.OffsetOf(PieceIndex)"/>.</param>
    /// <param name="buffers">Pinned memory to fill, in order.</param>
    public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers) => Storage.TryReadCached(offset, buffers);

    /// <summary>Reads a run of the torrent's bytes, scattered over buffers; blocks. An error is reported to the owner too.</summary>
    /// <param name="offset">The offset in the torrent.</param>
    /// <param name="buffers">Pinned memory to fill, in order.</param>
    public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        StorageError? error = Storage.Read(offset, buffers);
        if (error is null || IsClosed)
            return error;

        // Of several blocks, perhaps only one is unreadable; find it.
        foreach (IoBuffer buffer in buffers)
        {
            if (Storage.Read(offset, [buffer]) is { } one)
            {
                OnReadFailed(one, new StorageFailure(offset, (int)buffer.Length, DiskOperation.Read));
                return one;
            }

            offset += buffer.Length;
        }

        return error;
    }

    /// <summary>Has the system read a run ahead. Does not wait for it, but may for opening the file.</summary>
    public void ReadAhead(long offset, int length) => Storage.Prefetch(offset, length);

    /// <summary>Runs a call that reads from an offset of the torrent on, on a thread that may wait for the disk.</summary>
    public Task<T> ReadAsync<T>(long offset, Func<T> read) => _volume.ReadAsync(this, offset, read);

    /// <summary>Runs any other call that may wait for the disk, on a thread that may.</summary>
    public Task<T> RunAsync<T>(Func<T> call) => _volume.RunAsync(this, call);

    /// <summary>
    /// Makes durable every piece reported good before the call and the blocks of unfinished ones, and returns the latter.
    /// </summary>
    public async Task<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (IsClosed)
            return new FlushResult(null, []);
        WorkerBarrier barrier = new(workers: 1);
        Post(new DiskItem(DiskAction.Flush, this, default, BlockLease.None, barrier));
        System.Collections.Immutable.ImmutableArray<PartialPiece> partial =
            await barrier.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Not on a worker: a flush may take seconds, and other torrents need not wait for it.
        StorageError? error = await RunAsync(Flush).WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
        if (error is null)
            return new FlushResult(null, partial);
        Fail(error, new StorageFailure(0, 0, DiskOperation.Write), []);
        return new FlushResult(error, []);
    }

    /// <summary>Retries what failed last. Reported by OnDiskRecovered, or by OnDiskFailed without pieces.</summary>
    public void ProbeDisk()
    {
        PieceIndex piece = Layout.PieceCount == 0 ? default : Layout.PieceAt(_failure?.Offset ?? 0);
        Post(new DiskItem(DiskAction.Probe, this, new BlockRef(piece, 0), BlockLease.None));
    }

    /// <summary>
    /// Closes everything: finished pieces are hashed, written and reported, unfinished ones dropped (flush before, to keep them), every
    /// lease is returned and the files are closed. Blocks that arrive later go straight back to the pool. A disk that does not respond is
    /// given up after <see cref="DiskLimits.Patience"/>; what hangs there is abandoned.
    /// </summary>
    /// <param name="givenUp">Cancels the wait before that.</param>
    public async Task CloseAsync(CancellationToken givenUp = default)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        CancelChecks();

        // All workers: one may still be reading for a check.
        WorkerBarrier barrier = new(_volume.WorkerCount);
        _volume.PostToAll(new DiskItem(DiskAction.Close, this, default, BlockLease.None, barrier));
        Task done = barrier.Completion;
        await done.WaitAsync(DiskLimits.Patience, _volume.Time, givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _service.Remove(this, _volume);

        // Closing a file may take as long as writing to it.
        Task closing = RunAsync(() =>
        {
            Storage.Dispose();
            return true;
        });
        Waiting.Leave(closing);
        await closing.WaitAsync(DiskLimits.Patience, _volume.Time, givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nothing is expected for a while. What arrives nevertheless is noticed later by its worker.</summary>
    public void Rest() => Volatile.Write(ref _arrivals, null);

    /// <summary>
    /// Makes durable what was written before. One flush runs at a time, and a failure is counted before the next begins: the next may
    /// succeed although the disk has dropped what this one could not write, and its caller must notice that.
    /// </summary>
    internal StorageError? Flush()
    {
        lock (_flushing)
        {
            StorageError? error = Storage.Flush();
            if (error is not null)
                Interlocked.Increment(ref _failedFlushes);
            return error;
        }
    }

    /// <summary>Whether a digest is the right one for a piece.</summary>
    internal bool IsGood(PieceIndex piece, ReadOnlySpan<byte> digest) =>
        Hashes.TryGet(piece, out ExpectedHash expected) && expected.Sha1 == new Bytes20(digest);

    /// <summary>
    /// Counts a block; returns whether it is the last of its piece. This only decides whether to wake a worker: the worker's own count is
    /// authoritative.
    /// </summary>
    internal bool NoteArrival(PieceIndex piece) => Interlocked.Increment(ref Arrivals()[piece.Value]) >= Layout.BlockCountOf(piece);

    internal void ForgetArrivals(PieceIndex piece)
    {
        if (Volatile.Read(ref _arrivals) is { } arrivals)
            Volatile.Write(ref arrivals[piece.Value], 0);
    }

    /// <summary>
    /// Records that the disk failed to read a piece, and tells the owner if it is lost: see <see cref="UnreadablePieces"/>.
    /// </summary>
    internal Readability NoteUnreadable(PieceIndex piece, StorageError error)
    {
        if (error.Kind != StorageErrorKind.IoError)
            return Readability.DiskFailed;
        Readability readability = _unreadable.Add(piece);
        if (readability == Readability.PieceLost)
            Owner.OnPieceUnreadable(piece, error);
        return readability;
    }

    /// <summary>A piece was verified and written, or was read and found good.</summary>
    internal void NoteGood(PieceIndex piece) => _unreadable.Remove(piece);

    /// <summary>The disk works again: unreadable pieces are counted from zero.</summary>
    internal void ForgetUnreadable() => _unreadable.Clear();

    internal void Fail(StorageError error, StorageFailure failure, IReadOnlyList<PieceIndex> pieces)
    {
        _failure = failure;
        Owner.OnDiskFailed(error, failure.Operation, pieces);
    }

    internal StorageFailure? TakeFailure()
    {
        StorageFailure? failure = _failure;
        _failure = null;
        return failure;
    }

    // Created for the first block: an idle torrent has none.
    private int[] Arrivals()
    {
        if (Volatile.Read(ref _arrivals) is { } arrivals)
            return arrivals;
        int[] made = new int[Layout.PieceCount];
        return Interlocked.CompareExchange(ref _arrivals, made, null) ?? made;
    }

    private void OnReadFailed(StorageError error, StorageFailure failure)
    {
        if (NoteUnreadable(Layout.PieceAt(failure.Offset), error) == Readability.DiskFailed)
            Fail(error, failure, []);
    }

    private void Post(DiskItem item) => _volume.Post(Worker, item);
}
