using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>A torrent's owner, whose exceptions end neither the worker that reports to it nor what else the worker has to report.</summary>
internal sealed class GuardedOwner(ITorrentDiskOwner owner, Action<Exception> onFault) : ITorrentDiskOwner
{
    // Said of every piece, and so without a closure.
    public void OnPieceHashed(PieceVerdict verdict) =>
        Guard((owner, verdict), static report => report.owner.OnPieceHashed(report.verdict));

    public void OnPieceChecked(PieceIndex piece, bool isGood) =>
        Guard((owner, piece, isGood), static report => report.owner.OnPieceChecked(report.piece, report.isGood));

    public void OnCheckFinished() => Guard(owner, static owner => owner.OnCheckFinished());

    public void OnPieceUnreadable(PieceIndex piece, StorageError error) =>
        Guard((owner, piece, error), static report => report.owner.OnPieceUnreadable(report.piece, report.error));

    public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
        Guard((owner, error, operation, pieces), static report => report.owner.OnDiskFailed(report.error, report.operation, report.pieces));

    public void OnDiskRecovered() => Guard(owner, static owner => owner.OnDiskRecovered());

    private void Guard<T>(T report, Action<T> tell)
    {
#pragma warning disable CA1031 // A bug of ours in one torrent must not stop the disk for all.
        try
        {
            tell(report);
        }
        catch (Exception e)
        {
            onFault(e);
        }
#pragma warning restore CA1031
    }
}
