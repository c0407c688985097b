using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>Wraps a torrent's owner, so that its exceptions do not end the worker or keep it from reporting the rest.</summary>
internal sealed class GuardedOwner(ITorrentDiskOwner owner, Action<Exception> onFault) : ITorrentDiskOwner
{
    // Called for every piece, and so without a closure.
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
