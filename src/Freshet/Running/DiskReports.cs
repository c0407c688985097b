using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>Posts what a torrent's disk reports, on any thread, to the torrent's loop.</summary>
internal sealed class DiskReports(TorrentActor actor, TorrentMachine machine) : ITorrentDiskOwner
{
    public void OnPieceHashed(PieceVerdict verdict) => actor.Post(now => machine.OnPieceHashed(verdict, now));

    public void OnPieceChecked(PieceIndex piece, bool isGood) => actor.Post(_ => machine.OnPieceChecked(piece, isGood));

    public void OnPieceUnreadable(PieceIndex piece, StorageError error) => actor.Post(now => actor.OnPieceLost(piece, error, now));

    public void OnCheckFinished() => actor.Post(machine.OnCheckFinished);

    public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
        actor.Post(now => machine.OnDiskFailed(Translation.ToFailure(error, operation, [.. pieces]), now));

    public void OnDiskRecovered() => actor.Post(machine.OnDiskRecovered);
}
