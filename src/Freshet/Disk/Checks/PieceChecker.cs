using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Checks;

/// <summary>
/// One worker's share of checks: takes a batch of pieces, recognizes holes without reading, and hashes the rest together.
/// </summary>
internal sealed class PieceChecker(CheckJobs jobs, WorkerMemory memory) : IDisposable
{
    private readonly PieceHasher _hasher = new();
    private readonly PieceIndex[] _taken = new PieceIndex[PieceHasher.MaxBatch];
    private readonly PieceIndex[] _batch = new PieceIndex[PieceHasher.MaxBatch];
    private readonly StorageError?[] _errors = new StorageError?[PieceHasher.MaxBatch];
    private readonly byte[] _zeroDigest = new byte[Sha1Lanes.DigestLength];
    private int _zeroLength = -1;
    private long _bytesChecked;

    public DiskStatistics Statistics => new(0, 0, 0, 0, _bytesChecked);

    /// <summary>Checks some pieces; false if there were none to take.</summary>
    public bool RunBatch()
    {
        if (jobs.Take(_taken, out int count) is not { } job)
            return false;
        bool failed = true;
        try
        {
            failed = Check(job.Torrent, _taken.AsSpan(0, count)) is not null;
        }
        finally
        {
            jobs.Done(job, failed);
        }

        return true;
    }

    public void Dispose() => _hasher.Dispose();

    private StorageError? Check(TorrentDisk torrent, ReadOnlySpan<PieceIndex> pieces)
    {
        PieceLayout layout = torrent.Layout;
        int length = layout.LengthOf(pieces[0]);
        int count = 0;
        foreach (PieceIndex piece in pieces)
        {
            Extent extent = torrent.Storage.ExtentOf(layout.OffsetOf(piece), length);
            if (extent == Extent.Data)
                _batch[count++] = piece;
            else
                Report(torrent, piece, extent == Extent.Hole && torrent.IsGood(piece, DigestOfZeros(length)));
        }

        return count == 0 ? null : Hash(torrent, count, length);
    }

    private StorageError? Hash(TorrentDisk torrent, int count, int length)
    {
        Span<byte> digests = stackalloc byte[PieceHasher.MaxBatch * Sha1Lanes.DigestLength];
        Array.Clear(_errors);
        StoredBytes bytes = new(torrent, _batch, _errors, memory);
        _hasher.Hash(ref bytes, count, length, digests);
        _bytesChecked += (long)count * length;
        for (int i = 0; i < count; i++)
        {
            PieceIndex piece = _batch[i];
            StorageError? error = _errors[i];

            // At the offset of the failing piece: only a retry there says anything about the disk.
            if (error is { Kind: not StorageErrorKind.Missing } && torrent.NoteUnreadable(piece, error) == Readability.DiskFailed)
            {
                torrent.Fail(error, new StorageFailure(torrent.Layout.OffsetOf(piece), length, DiskOperation.Check), []);
                return error;
            }

            ReadOnlySpan<byte> digest = digests.Slice(i * Sha1Lanes.DigestLength, Sha1Lanes.DigestLength);
            Report(torrent, piece, error is null && torrent.IsGood(piece, digest));
        }

        return null;
    }

    // The storage is notified first: a flush that begins once the piece is known must include it.
    private static void Report(TorrentDisk torrent, PieceIndex piece, bool isGood)
    {
        if (isGood)
        {
            torrent.NoteGood(piece);
            torrent.Storage.OnFoundGood(torrent.Layout.OffsetOf(piece), torrent.Layout.LengthOf(piece));
        }

        torrent.Owner.OnPieceChecked(piece, isGood);
    }

    private ReadOnlySpan<byte> DigestOfZeros(int length)
    {
        if (_zeroLength != length)
        {
            ZeroBytes zeros = new(memory.Slot(0));
            _hasher.Hash(ref zeros, 1, length, _zeroDigest);
            _zeroLength = length;
        }

        return _zeroDigest;
    }
}
