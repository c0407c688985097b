using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Checks;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// A torrent of a state folder that no session is using. It is claimed while its files are moved or checked and its record is updated.
/// </summary>
internal sealed class SavedData : IAsyncDisposable, ITorrentDiskOwner
{
    private readonly StateFolder _state;
    private readonly TorrentClaim _claim;
    private readonly TorrentMetainfo _metainfo;
    private readonly TorrentMemory _memory;
    private readonly DiskService _disk = new(new DiskServiceOptions { Pool = new BlockPool(1), Workers = 1 });
    private readonly FileHandles _files = new();
    private TorrentStore _store;

    private SavedData(StateFolder state, TorrentClaim claim, TorrentMetainfo metainfo, TorrentRecord record)
    {
        _state = state;
        _claim = claim;
        _metainfo = metainfo;
        _memory = TorrentMemory.Restore(state, new RestoredTorrent(SwarmIdentity.Of(metainfo), record) { Metainfo = metainfo });
        _store = OpenStore();
    }

    /// <summary>Claims a torrent, and completes whatever was interrupted.</summary>
    /// <exception cref="FreshetException">There is no such torrent, a session is using it, or it cannot be read.</exception>
    public static async Task<SavedData> OpenAsync(string stateFolder, InfoHash infoHash, CancellationToken cancellationToken)
    {
        SavedData saved = Hold(stateFolder, infoHash);
        try
        {
            await saved._store.Renaming.TryResolveAsync(cancellationToken).ConfigureAwait(false);
            if (await saved._store.Moving.ResolveAsync(asked: default, cancellationToken).ConfigureAwait(false) is { } trouble)
                throw new FreshetException(FreshetError.Storage, trouble);
            await saved.FollowAsync().ConfigureAwait(false);
            return saved;
        }
        catch
        {
            await saved.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Moves the files.</summary>
    /// <exception cref="FreshetException">The files cannot be moved and are where they were, or not all could be deleted there.</exception>
    public async Task MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellationToken)
    {
        if (folder == _memory.Folder)
            return;
        StoredFiles files = new(_metainfo, _store.Map, _memory.Folder);
        await Task.Run(() => new SavedNeighbours(_state, _memory.Key).RequireUnshared(files), cancellationToken).ConfigureAwait(false);
        string? trouble = await _store.Moving.MoveAsync(folder, progress, cancellationToken, asked: default, givenUp: default)
            .ConfigureAwait(false);
        await FollowAsync().ConfigureAwait(false);
        if (trouble is not null)
            throw new FreshetException(FreshetError.Storage, trouble);
    }

    /// <summary>Reads and hashes all data on disk, and records the result.</summary>
    /// <returns>The verified pieces.</returns>
    /// <exception cref="FreshetException">The disk fails, or the result cannot be recorded.</exception>
    public async Task<Bitfield> RecheckAsync(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using FileStorage storage = new(new FileStorageOptions
        {
            Folder = _memory.Folder,
            Files = _metainfo.Files,
            Map = _store.Map,
            Layout = _metainfo.Layout,
            PartFileName = PartFile.NameFor(_metainfo.SwarmHash),
            Handles = _files,
        });
        FileStamp[] stamps = storage.GetStamps();
        int done = 0;
        CheckResult result = await Checker.RunAsync(
            new CheckerOptions(storage, _metainfo.Layout, _state.TorrentOf(_memory.Key).Read().PieceHashes),
            Environment.ProcessorCount,
            (_, _) => progress?.Report((double)++done / _metainfo.Layout.PieceCount),
            cancellationToken).ConfigureAwait(false);

        // The program that wrote the data need not have flushed it.
        if ((result.Error ?? storage.Flush()) is { } error)
            throw new FreshetException(FreshetError.Storage, error.Message);
        ResumeRecord found = new() { Have = result.Good, Files = stamps, IsClean = true };
        await _memory.NoteAsync(record => record with { Data = found }, CancellationToken.None).ConfigureAwait(false);
        return result.Good;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        await _memory.CloseAsync(forget: false).ConfigureAwait(false);
        await _disk.DisposeAsync().ConfigureAwait(false);
        _files.Dispose();
        _claim.Dispose();
        _state.Dispose();
    }

    void ITorrentDiskOwner.OnPieceHashed(PieceVerdict verdict)
    {
    }

    void ITorrentDiskOwner.OnPieceChecked(PieceIndex piece, bool isGood)
    {
    }

    void ITorrentDiskOwner.OnPieceUnreadable(PieceIndex piece, StorageError error)
    {
    }

    void ITorrentDiskOwner.OnCheckFinished()
    {
    }

    void ITorrentDiskOwner.OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces)
    {
    }

    void ITorrentDiskOwner.OnDiskRecovered()
    {
    }

    private static SavedData Hold(string stateFolder, InfoHash infoHash)
    {
        StateFolder state = new(stateFolder);
        try
        {
            state.Lock(isShared: true);
            TorrentRecord? record = null;
            string? warning = null;
            TorrentMetainfo metainfo = state.TorrentOf(infoHash).ReadWithoutHashes(torrent =>
            {
                (record, warning) = state.LoadResume(infoHash, torrent);
                return record is { HasPortableNames: true };
            });
            if (record is null)
                throw new FreshetException(
                    FreshetError.Storage,
                    $"What was known of \"{metainfo.Name}\" is lost, and with it the folder of its data. {warning}".TrimEnd());
            return Hold(state, metainfo, record);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static SavedData Hold(StateFolder state, TorrentMetainfo metainfo, TorrentRecord record)
    {
        TorrentClaim claim = state.Claim(record.InfoHash, record.Folder);
        if (claim.KeepsRecord)
            return new SavedData(state, claim, metainfo, record);
        claim.Dispose();
        throw new FreshetException(FreshetError.Locked, $"Another process is at work on torrent {record.InfoHash}. Stop it first.");
    }

    private TorrentStore OpenStore() =>
        new(new DiskServices(_disk, _files, SystemFiles.Instance), Preallocation.Sparse, _metainfo, _memory, this);

    private async Task FollowAsync()
    {
        if (_store.Folder == _memory.Folder)
            return;
        await _store.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        _store = OpenStore();
    }
}
