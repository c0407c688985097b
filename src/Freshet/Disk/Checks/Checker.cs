using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;

namespace Freshet.Disk.Checks;

/// <summary>Checks a torrent's data without a session, with the same code as a session.</summary>
internal sealed class Checker : ITorrentDiskOwner
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<StorageError?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<PieceIndex, bool>? _onPiece;
    private readonly Bitfield _good;

    private Checker(int pieceCount, Action<PieceIndex, bool>? onPiece)
    {
        _good = new Bitfield(pieceCount);
        _onPiece = onPiece;
    }

    /// <summary>Reads and hashes every piece.</summary>
    /// <param name="options">What to check; its storage is disposed at the end.</param>
    /// <param name="threads">The number of threads that read and hash.</param>
    /// <param name="onPiece">Called for each piece, one at a time, with whether it is good.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static async Task<CheckResult> RunAsync(
        CheckerOptions options, int threads, Action<PieceIndex, bool>? onPiece = null, CancellationToken cancellationToken = default)
    {
        Checker checker = new(options.Layout.PieceCount, onPiece);
        Bitfield all = new(options.Layout.PieceCount);
        all.AddAll();
        DiskService service = new(new DiskServiceOptions { Pool = new BlockPool(1), Workers = threads, OnFault = checker.OnFault });
        await using (service.ConfigureAwait(false))
        {
            TorrentDisk disk = service.Open(new TorrentDiskOptions
            {
                Storage = options.Storage,
                Layout = options.Layout,
                Hashes = new Sha1Hashes(options.PieceHashes),
                Owner = checker,
            });
            disk.CheckPieces(all);
            StorageError? error = await checker._ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await disk.CloseAsync(CancellationToken.None).ConfigureAwait(false);
            return new CheckResult(error, checker._good);
        }
    }

    void ITorrentDiskOwner.OnPieceChecked(PieceIndex piece, bool isGood)
    {
        lock (_lock)
        {
            if (isGood)
                _good.Add(piece);
            _onPiece?.Invoke(piece, isGood);
        }
    }

    void ITorrentDiskOwner.OnCheckFinished() => _ended.TrySetResult(null);

    void ITorrentDiskOwner.OnDiskFailed(
        StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) => _ended.TrySetResult(error);

    void ITorrentDiskOwner.OnDiskRecovered()
    {
    }

    void ITorrentDiskOwner.OnPieceUnreadable(PieceIndex piece, StorageError error)
    {
        // The piece is reported as bad, too.
    }

    void ITorrentDiskOwner.OnPieceHashed(PieceVerdict verdict)
    {
    }

    private void OnFault(Exception exception) => _ended.TrySetException(exception);
}
