using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>
/// Is notified of what happens to a torrent's data. Called on worker threads, several at once, and must return quickly by posting.
/// </summary>
internal interface ITorrentDiskOwner
{
    /// <summary>
    /// All blocks of a piece have arrived and were hashed. Good pieces are written; bad ones are discarded, so that their blocks may be
    /// downloaded again.
    /// </summary>
    void OnPieceHashed(PieceVerdict verdict);

    /// <summary>A piece was read from disk and hashed.</summary>
    void OnPieceChecked(PieceIndex piece, bool isGood);

    /// <summary>
    /// The disk cannot read some bytes of a piece, although it can read others (EIO): the piece is lost, and must be downloaded again.
    /// Reported once per piece; if it happens to many, it is reported as a failure of the disk instead.
    /// </summary>
    void OnPieceUnreadable(PieceIndex piece, StorageError error);

    /// <summary>Every piece of a check was reported. Not called for a check that was cancelled or met an error.</summary>
    void OnCheckFinished();

    /// <summary>
    /// The disk failed to write or read data. The blocks of the named pieces have been freed and discarded; everything else on disk is
    /// unchanged. A running check has ended.
    /// </summary>
    void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces);

    /// <summary>A probe after a failure has succeeded.</summary>
    void OnDiskRecovered();
}
