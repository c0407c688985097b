using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Handles a failing disk: while it fails, the phase is WaitingForDisk with the reason, nothing is requested, and the disk is retried every
/// few seconds. Lost data becomes wanted again, so nothing else has to be remembered.
/// </summary>
internal sealed class DiskWatch(TorrentContext torrent, Requesting requesting, Uploading uploading)
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(5);

    /// <summary>When the disk is retried next. See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue { get; private set; } = Timestamp.Never;

    /// <summary>Whether the disk failed during a check, which must start over.</summary>
    public bool MustCheck { get; private set; }

    public void OnFailed(DiskFailure failure, Timestamp now)
    {
        // This also applies to a run that has ended: the next run starts with the same ledger.
        if (failure.Operation == DiskOperation.Write)
        {
            foreach (PieceIndex piece in failure.Pieces)
            {
                torrent.Ledger.Discard(piece);
                torrent.Effects.DiscardPiece(piece);
            }
        }

        if (torrent.Phase is TorrentPhase.Stopped or TorrentPhase.Failed or TorrentPhase.FetchingMetadata)
            return;
        MustCheck |= failure.Operation == DiskOperation.Check;
        torrent.IsCheckWanted &= !MustCheck;
        bool couldServe = uploading.CanServe;
        uploading.CanServe = couldServe && failure.Operation == DiskOperation.Write;

        // A full disk fails every outstanding write, of whichever file: that is one problem, reported once.
        if (torrent.Phase is not TorrentPhase.WaitingForDisk waiting || waiting.Code != failure.Code)
            torrent.Enter(new TorrentPhase.WaitingForDisk(failure.Reason) { Code = failure.Code });
        requesting.CancelAll(now);
        if (couldServe && !uploading.CanServe)
            uploading.Unchoke(now);
        NextDue = now + BetweenProbes;
    }

    /// <summary>The disk works again. The caller enters the next phase.</summary>
    public void OnRecovered(Timestamp now)
    {
        Reset();
        uploading.Unchoke(now);
    }

    /// <summary>Forgets the failure: the run begins or ends.</summary>
    public void Reset()
    {
        NextDue = Timestamp.Never;
        MustCheck = false;
        uploading.CanServe = true;
    }

    public void Tick(Timestamp now)
    {
        if (now < NextDue)
            return;

        // The next retry is due only after the answer to this one.
        NextDue = Timestamp.Never;
        torrent.Effects.ProbeDisk();
    }
}
