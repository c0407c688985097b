using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Downloads;

/// <summary>
/// Pieces whose blocks have all arrived, waiting to be hashed. If pieces finish in quick succession they wait a moment for each other,
/// since hashing eight together costs a third; but not while they hold much of the pool.
/// </summary>
internal sealed class FinishedPieces(BlockPool pool, WorkerMemory memory) : IDisposable
{
    // Waiting pieces may hold this fraction of the pool.
    private const int PoolShare = 4;

    private static readonly long MaxWait = (long)DiskLimits.MaxHashDelay.TotalMilliseconds;

    private readonly PieceHasher _hasher = new();
    private readonly List<PieceBuffer> _waiting = [];
    private readonly PieceBuffer[] _batch = new PieceBuffer[PieceHasher.MaxBatch];
    private readonly StorageError?[] _errors = new StorageError?[PieceHasher.MaxBatch];
    private readonly Verdict[] _verdicts = new Verdict[PieceHasher.MaxBatch];
    private readonly BlockBytes.Window[] _windows = new BlockBytes.Window[PieceHasher.MaxBatch];
    private long _lastAdded;
    private double _averageGap = double.MaxValue;
    private long _due;
    private int _held;

    public long PiecesHashed { get; private set; }

    public long Batches { get; private set; }

    /// <summary>The time until the batch is due: 0 if it is due, -1 if there is none.</summary>
    public int MillisecondsUntilDue =>
        _waiting.Count == 0 ? Timeout.Infinite : (int)Math.Max(0, _due - Environment.TickCount64);

    public void Add(PieceBuffer buffer)
    {
        long now = Environment.TickCount64;
        double gap = Math.Min(now - _lastAdded, 10 * MaxWait);
        _averageGap = Math.Min(_averageGap, 10 * MaxWait);
        _averageGap += (gap - _averageGap) / 4;
        _lastAdded = now;
        if (_waiting.Count == 0)
            _due = _averageGap * Sha1Lanes.WorthFrom <= MaxWait ? now + Math.Min(MaxWait, (long)(_averageGap * PieceHasher.MaxBatch)) : now;
        _waiting.Add(buffer);
        _held += buffer.Held;
    }

    public void Remove(PieceBuffer buffer)
    {
        if (_waiting.Remove(buffer))
            _held -= buffer.Held;
    }

    /// <summary>Takes the pieces to be hashed next, all of one length; none if they may still wait.</summary>
    public ReadOnlySpan<PieceBuffer> TakeBatch(bool isForced)
    {
        bool isDue = isForced || _waiting.Count >= PieceHasher.MaxBatch || MillisecondsUntilDue == 0
            || _held > pool.Capacity / PoolShare || IsMemoryShort();
        if (_waiting.Count == 0 || !isDue)
            return [];
        int length = _waiting[0].Length;
        int count = 0;
        int kept = 0;
        for (int i = 0; i < _waiting.Count; i++)
        {
            if (count < _batch.Length && _waiting[i].Length == length)
            {
                _held -= _waiting[i].Held;
                _batch[count++] = _waiting[i];
            }
            else
            {
                _waiting[kept++] = _waiting[i];
            }
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
        return _batch.AsSpan(0, count);
    }

    /// <summary>Hashes a batch; blocks that are no longer in memory are read back.</summary>
    public ReadOnlySpan<Verdict> Hash(ReadOnlySpan<PieceBuffer> batch)
    {
        Span<byte> digests = stackalloc byte[PieceHasher.MaxBatch * Sha1Lanes.DigestLength];
        Array.Clear(_errors);
        Array.Clear(_windows);
        BlockBytes bytes = new(_batch, _errors, _windows, pool, memory);
        _hasher.Hash(ref bytes, batch.Length, batch[0].Length, digests);
        for (int i = 0; i < batch.Length; i++)
        {
            ReadOnlySpan<byte> digest = digests.Slice(i * Sha1Lanes.DigestLength, Sha1Lanes.DigestLength);
            bool isGood = _errors[i] is null && batch[i].Torrent.IsGood(batch[i].Piece, digest);
            bool tells = _errors[i] is null && batch[i].Torrent.Unfinished.NoteVerdict(batch[i].Piece, isGood);
            _verdicts[i] = new Verdict(isGood, _errors[i], tells ? HashBlocks(i, bytes) : default);
        }

        PiecesHashed += batch.Length;
        Batches++;
        return _verdicts.AsSpan(0, batch.Length);
    }

    public void Dispose() => _hasher.Dispose();

    // Only a few pieces are waiting, or they would make up a batch.
    private bool IsMemoryShort()
    {
        foreach (PieceBuffer buffer in _waiting)
        {
            if (buffer.Torrent.Blocks.IsLow)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The hash of each block of a piece of the batch; default if a block cannot be read back, which does not fail the piece.
    /// </summary>
    private unsafe ImmutableArray<Bytes20> HashBlocks(int index, in BlockBytes bytes)
    {
        PieceBuffer buffer = _batch[index];
        Span<byte> digest = stackalloc byte[Bytes20.Length];
        Bytes20[] hashes = new Bytes20[buffer.BlockCount];
        for (int block = 0; block < hashes.Length; block++)
        {
            nint address = bytes.Get(index, block * Limits.BlockLength, buffer.LengthOf(block));
            if (address == 0)
            {
                _errors[index] = null;
                return default;
            }

            SHA1.HashData(new ReadOnlySpan<byte>((void*)address, buffer.LengthOf(block)), digest);
            hashes[block] = new Bytes20(digest);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(hashes);
    }

    /// <summary>
    /// The result for a piece: good, bad, or unreadable; and the hashes of its blocks if they may show who sent bad ones.
    /// </summary>
    public readonly record struct Verdict(bool IsGood, StorageError? Error, ImmutableArray<Bytes20> Blocks);
}
