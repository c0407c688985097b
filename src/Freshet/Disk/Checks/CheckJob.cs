using Freshet.Core.Pieces;
using Freshet.Hashing;

namespace Freshet.Disk.Checks;

/// <summary>
/// A check of pieces of one torrent. Workers take batches until none are left; the worker that completes the last batch reports the end.
/// Guarded by the lock of <see cref="CheckJobs"/>.
/// </summary>
internal sealed class CheckJob(TorrentDisk torrent, Bitfield pieces)
{
    private int _next;
    private int _running;

    public TorrentDisk Torrent { get; } = torrent;

    public bool IsCancelled { get; set; }

    /// <summary>Whether nothing is left to take.</summary>
    public bool IsDrained => IsCancelled || _next >= pieces.Length || pieces.FirstAtOrAfter(new PieceIndex(_next)) is null;

    /// <summary>Whether everything was done.</summary>
    public bool IsFinished => IsDrained && _running == 0;

    /// <summary>Takes the next pieces, all of the same length and close to each other on disk.</summary>
    /// <returns>The number of pieces; 0 if none are left.</returns>
    public int Take(Span<PieceIndex> batch)
    {
        int count = 0;
        int most = Math.Min(batch.Length, PieceHasher.MaxBatch);
        while (count < most && !IsDrained)
        {
            PieceIndex piece = pieces.FirstAtOrAfter(new PieceIndex(_next))!.Value;
            if (count > 0 && Torrent.Layout.LengthOf(piece) != Torrent.Layout.LengthOf(batch[0]))
                break;
            batch[count++] = piece;
            _next = piece.Value + 1;
        }

        if (count > 0)
            _running++;
        return count;
    }

    /// <summary>Records the end of a batch.</summary>
    public void Done() => _running--;
}
