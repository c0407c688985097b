using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// What a failing disk does to a torrent: while it lasts the phase is WaitingForDisk with the reason, nothing is requested, and the disk is
/// tried again every few seconds. What was lost is wanted again, so nothing else has to be remembered.
/// </summary>
internal sealed class DiskWatch(TorrentContext torrent, Requesting requesting, Uploading uploading)
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(5);

    /// <summary>When the disk is tried again. See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue { get; private set; } = Timestamp.Never;

    /// <summary>Whether pieces were being checked when the disk failed, which begins again.</summary>
    public bool MustCheck { get; private set; }

    public void OnFailed(DiskFailure failure, Timestamp now)
    {
        // What was lost is lost in a run that is over, too: the next begins with the same ledger.
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

        // A full disk fails every write that is under way, to whichever file: that is one trouble, and news only once.
        if (torrent.Phase is not TorrentPhase.WaitingForDisk waiting || waiting.Code != failure.Code)
            torrent.Enter(new TorrentPhase.WaitingForDisk(failure.Reason) { Code = failure.Code });
        requesting.CancelAll(now);
        if (couldServe && !uploading.CanServe)
            uploading.Unchoke(now);
        NextDue = now + BetweenProbes;
    }

    /// <summary>The disk takes and gives data again. The caller enters the phase that comes now.</summary>
    public void OnRecovered(Timestamp now)
    {
        Reset();
        uploading.Unchoke(now);
    }

    /// <summary>Forgets the trouble: the run begins or ends.</summary>
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

        // The next only after this one's answer.
        NextDue = Timestamp.Never;
        torrent.Effects.ProbeDisk();
    }
}
