using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>An owner that ignores everything that it is told.</summary>
internal sealed class Quiet : ITorrentDiskOwner
{
    public void OnPieceHashed(PieceVerdict verdict)
    {
    }

    public void OnPieceChecked(PieceIndex piece, bool isGood)
    {
    }

    public void OnPieceUnreadable(PieceIndex piece, StorageError error)
    {
    }

    public void OnCheckFinished()
    {
    }

    public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces)
    {
    }

    public void OnDiskRecovered()
    {
    }
}
