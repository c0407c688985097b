using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk.Downloads;

/// <summary>
/// One worker's handling of downloaded blocks. They are written in runs as they arrive. A piece that is not too large also stays in memory
/// until it is complete and hashed; larger ones, and all when their torrent is short of memory, are read back to be hashed.
/// </summary>
internal sealed class PieceAssembler(BlockPool pool, WorkerMemory memory) : IDisposable
{
    // A piece may keep this fraction of what its torrent may hold; a larger piece could take all of it, and never be completed.
    private const int PoolShare = 16;

    private readonly BlockWriter _writer = new(pool);
    private readonly FinishedPieces _finished = new(pool, memory);
    private readonly List<UnfinishedPieces> _active = [];
    private readonly List<PieceBuffer> _work = [];

    public DiskStatistics Statistics => new(_writer.BytesWritten, _writer.Writes, _finished.PiecesHashed, _finished.Batches, 0);

    /// <summary>Whether there are pieces that are incomplete or not hashed.</summary>
    public bool HoldsBlocks => _active.Count > 0;

    /// <summary>How much longer finished pieces wait for others: 0 if no longer, -1 if there are none.</summary>
    public int MillisecondsUntilHash => _finished.MillisecondsUntilDue;

    /// <summary>Takes a block.</summary>
    public void Take(UnfinishedPieces unfinished, BlockRef block, BlockLease lease, Timestamp now)
    {
        PieceBuffer buffer = Begin(unfinished, block.Piece);
        if (!buffer.TryHold(block.Index, lease))
        {
            pool.Return(lease);
            return;
        }

        buffer.LastTouched = now;
        if (_writer.WriteRunAround(buffer, block.Index, release: buffer.BlockCount > unfinished.Blocks.Most / PoolShare) is { } error)
            Fail(buffer, error);
        else if (buffer.IsComplete)
            _finished.Add(buffer);
    }

    public void Discard(UnfinishedPieces unfinished, PieceIndex piece)
    {
        if (unfinished.Find(piece) is not { } buffer)
            return;
        _finished.Remove(buffer);
        unfinished.End(buffer);
    }

    public void Restore(UnfinishedPieces unfinished, PieceIndex piece, Bitfield blocks)
    {
        PieceBuffer buffer = Begin(unfinished, piece);
        bool wasComplete = buffer.IsComplete;
        for (int block = 0; block < blocks.Length; block++)
        {
            if (blocks[new PieceIndex(block)])
                buffer.AddWritten(block);
        }

        if (buffer.IsComplete && !wasComplete)
            _finished.Add(buffer);
    }

    /// <summary>Hashes finished pieces if they have waited long enough or are enough; returns whether there were any.</summary>
    public bool HashFinished(bool isForced)
    {
        bool any = false;
        ReadOnlySpan<PieceBuffer> batch = _finished.TakeBatch(isForced);
        while (batch.Length > 0)
        {
            ReadOnlySpan<FinishedPieces.Verdict> verdicts = _finished.Hash(batch);
            for (int i = 0; i < batch.Length; i++)
                Complete(batch[i], verdicts[i]);
            any = true;
            batch = _finished.TakeBatch(isForced);
        }

        return any;
    }

    /// <summary>
    /// Writes blocks of unfinished pieces of torrents that are short of memory and frees them, until the shortage is over.
    /// </summary>
    public void Spill()
    {
        // By index: a torrent whose write fails stays in the list.
        for (int i = 0; i < _active.Count; i++)
        {
            if (_active[i].Blocks.IsLow)
                Spill(_active[i]);
        }
    }

    /// <summary>Writes and frees the blocks of pieces for which nothing has arrived for a while.</summary>
    public void WriteIdle(Timestamp now)
    {
        foreach (PieceBuffer buffer in Unfinished(null))
        {
            if (buffer.Held == 0 || now - buffer.LastTouched < DiskLimits.IdleBlockTime)
                continue;
            if (_writer.WriteAll(buffer) is { } error)
                Fail(buffer, error);
            else
                buffer.ReleaseAll();
        }

        _active.RemoveAll(static unfinished => unfinished.Count == 0);
    }

    /// <summary>
    /// Hashes what is finished, writes what is not, and reports which blocks are on disk. They stay in memory, to be hashed.
    /// </summary>
    public void WriteAll(UnfinishedPieces unfinished, WorkerBarrier barrier)
    {
        HashFinished(isForced: true);
        foreach (PieceBuffer buffer in Unfinished(unfinished))
        {
            if (_writer.WriteAll(buffer) is { } error)
            {
                Fail(buffer, error);
                continue;
            }

            Bitfield blocks = new(buffer.BlockCount);
            for (int block = 0; block < buffer.BlockCount; block++)
            {
                if (buffer.PlaceOf(block) is BlockPlace.Disk or BlockPlace.Both)
                    blocks.Add(new PieceIndex(block));
            }

            barrier.Add(new PartialPiece(buffer.Piece, blocks.ToArray()));
        }

        barrier.Arrive();
    }

    /// <summary>Hashes what is finished, and drops what is not.</summary>
    public void Close(UnfinishedPieces unfinished)
    {
        HashFinished(isForced: true);
        foreach (PieceBuffer buffer in Unfinished(unfinished))
            unfinished.End(buffer);
        _active.Remove(unfinished);
    }

    /// <summary>Retries what failed last: each block is read, if possible, and written back unchanged, so that nothing is lost.</summary>
    public void Probe(TorrentDisk torrent)
    {
        StorageFailure? failure = torrent.TakeFailure();
        if (failure is not null && TryAgain(torrent, failure) is { } error)
        {
            torrent.Fail(error, failure, []);
            return;
        }

        torrent.ForgetUnreadable();
        torrent.Owner.OnDiskRecovered();
    }

    public void Dispose() => _finished.Dispose();

    private void Spill(UnfinishedPieces unfinished)
    {
        foreach (PieceBuffer buffer in Unfinished(unfinished))
        {
            if (unfinished.Blocks.IsEased)
                break;
            if (_writer.WriteAll(buffer) is { } error)
                Fail(buffer, error);
            else
                buffer.ReleaseAll();
        }
    }

    // All blocks: the first block of a piece may have its space already while the disk is full for the others.
    private StorageError? TryAgain(TorrentDisk torrent, StorageFailure failure)
    {
        if (failure.Length == 0)
            return torrent.Flush();
        for (int done = 0; done < failure.Length; done += Limits.BlockLength)
        {
            IoBuffer buffer = memory.Slot(0, Math.Min(failure.Length - done, Limits.BlockLength));
            if (TryAgain(torrent.Storage, failure.Offset + done, buffer, failure.Operation) is { } error)
                return error;
        }

        return null;
    }

    private static StorageError? TryAgain(IStorage storage, long offset, IoBuffer buffer, DiskOperation operation)
    {
        StorageError? error = storage.Read(offset, [buffer]);
        if (operation != DiskOperation.Write || error is { Kind: not StorageErrorKind.Missing })
            return error;
        if (error is not null)
            buffer.Span.Clear();
        return storage.Write(offset, [buffer]);
    }

    private PieceBuffer Begin(UnfinishedPieces unfinished, PieceIndex piece)
    {
        if (unfinished.Count == 0 && !_active.Contains(unfinished))
            _active.Add(unfinished);
        return unfinished.FindOrBegin(piece);
    }

    private void Complete(PieceBuffer buffer, FinishedPieces.Verdict verdict)
    {
        TorrentDisk torrent = buffer.Torrent;
        PieceIndex piece = buffer.Piece;
        if (verdict.Error is { } unreadable && torrent.NoteUnreadable(piece, unreadable) == Readability.PieceLost)
        {
            End(buffer);
            return;
        }

        StorageError? error = verdict.Error ?? (verdict.IsGood ? _writer.WriteAll(buffer) : null);
        if (error is not null)
        {
            Fail(buffer, error);
            return;
        }

        End(buffer);
        if (verdict.IsGood)
            torrent.NoteGood(piece);
        torrent.Owner.OnPieceHashed(new PieceVerdict(piece, verdict.IsGood, verdict.Blocks));
    }

    private void Fail(PieceBuffer buffer, StorageError error)
    {
        TorrentDisk torrent = buffer.Torrent;
        PieceIndex piece = buffer.Piece;
        StorageFailure failure = new(torrent.Layout.OffsetOf(piece), buffer.Length, DiskOperation.Write);
        _finished.Remove(buffer);
        End(buffer);
        torrent.Fail(error, failure, [piece]);
    }

    private static void End(PieceBuffer buffer)
    {
        buffer.Torrent.ForgetArrivals(buffer.Piece);
        buffer.Torrent.Unfinished.End(buffer);
    }

    // A copy, since writing may end pieces; of one torrent, or of all.
    private List<PieceBuffer> Unfinished(UnfinishedPieces? one)
    {
        _work.Clear();
        foreach (UnfinishedPieces unfinished in _active)
        {
            if (one is not null && !ReferenceEquals(one, unfinished))
                continue;
            foreach (PieceBuffer buffer in unfinished.Pieces)
                _work.Add(buffer);
        }

        return _work;
    }
}
