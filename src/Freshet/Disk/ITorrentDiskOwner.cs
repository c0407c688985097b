using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>Who hears what became of a torrent's data. Called on worker threads, several at once, and must return soon: post it.</summary>
internal interface ITorrentDiskOwner
{
    /// <summary>
    /// All blocks of a piece have come and were hashed. Good ones are written; bad ones are forgotten, so that the blocks may come
    /// again.
    /// </summary>
    void OnPieceHashed(PieceVerdict verdict);

    /// <summary>A piece was read from disk and hashed.</summary>
    void OnPieceChecked(PieceIndex piece, bool isGood);

    /// <summary>
    /// The disk cannot give some bytes of a piece back, though it gives others (EIO): the piece is lost, and has to come again. Said
    /// once of a piece; when it is said of many, it is a failure of the disk instead.
    /// </summary>
    void OnPieceUnreadable(PieceIndex piece, StorageError error);

    /// <summary>Every piece of a check was reported. Not called for a check that was cancelled or met an error.</summary>
    void OnCheckFinished();

    /// <summary>
    /// The disk did not take or give data. The blocks of the pieces named have been given back and forgotten; what else there is on
    /// disk is as it was. A running check has ended.
    /// </summary>
    void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces);

    /// <summary>A probe after a failure has succeeded.</summary>
    void OnDiskRecovered();
}
