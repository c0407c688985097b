using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.Disk.Moving;
using Freshet.FileSystem;
using Freshet.Loops;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// A torrent's data: its files, prepared at a start, and the access to them. Changes are made in turn; each keeps its turn until the disk
/// has responded, whether or not a caller still waits for it.
/// </summary>
// The disk disposes of the storage when it is closed.
#pragma warning disable CA1001
internal sealed class TorrentStore : IRecordedData
#pragma warning restore CA1001
{
    private readonly OneAtATime _turns = new();
    private readonly FileStorage _storage;
    private readonly ITorrentDiskOwner _owner;
    private readonly StoredHashes? _stored;
    private readonly DiskServices _services;
    private readonly InfoHash _swarmHash;
    private readonly string _folder;
    private DataClaim? _claim;
    private ImmutableHashSet<int> _skipped = [];
    private bool _isReady;
    private bool _hasWarned;
    private volatile bool _mayHaveClaim;
    private volatile bool _lacksClaim;
    private volatile bool _hasLoss;

    /// <param name="services">The session's services.</param>
    /// <param name="preallocation">Whether space is allocated in advance.</param>
    /// <param name="metainfo">The torrent, with or without its hashes.</param>
    /// <param name="memory">Knows the folder, and where the hashes are kept.</param>
    /// <param name="owner">Is notified of what happens to the data.</param>
    public TorrentStore(
        DiskServices services, Preallocation preallocation, TorrentMetainfo metainfo, TorrentMemory memory, ITorrentDiskOwner owner)
    {
        _owner = owner;
        _folder = memory.Folder;
        _services = services;
        _swarmHash = metainfo.SwarmHash;
        Renaming = new FileRenaming(metainfo, this, memory);
        Found = new FoundFiles(metainfo, this, memory);
        Moving = new FileMoving(metainfo, this, memory, services.System);
        _stored = memory.Stored is { } stored ? new StoredHashes(stored, metainfo.PieceHashes) : null;
        _storage = new FileStorage(new FileStorageOptions
        {
            Folder = memory.Folder,
            Files = metainfo.Files,
            Map = memory.Record.Map,
            Layout = metainfo.Layout,
            PartFileName = PartFile.NameFor(metainfo.SwarmHash),
            Handles = services.Files,
            System = services.System,
            Preallocation = preallocation,
        });
        Disk = services.Disk.Open(new TorrentDiskOptions
        {
            Storage = services.Meters is { } meters ? new MeasuredStorage(_storage, meters) : _storage,
            Blocks = services.Blocks,
            Folder = memory.Folder,
            Layout = metainfo.Layout,
            Hashes = _stored is null ? new Sha1Hashes(metainfo.PieceHashes) : _stored,
            Owner = owner,
        });
    }

    public TorrentDisk Disk { get; }

    /// <summary>The folder of its files.</summary>
    public string Folder => _folder;

    /// <summary>Renames its files.</summary>
    public FileRenaming Renaming { get; }

    /// <summary>Moves its files to another folder, for which another store must be opened afterwards.</summary>
    public FileMoving Moving { get; }

    /// <summary>Where each file is stored in the folder.</summary>
    public FileMap Map => _storage.Names.Map;

    /// <summary>Makes a call that may wait for the disk, after those requested before.</summary>
    /// <param name="call">One of the blocking members below.</param>
    /// <param name="givenUp">Cancels the wait. A call that has begun continues; one that has not is never made.</param>
    public Task<T> RunAsync<T>(Func<T> call, CancellationToken givenUp = default) => InTurnAsync(() => Disk.RunAsync(call), givenUp);

    /// <summary>
    /// Like <see cref="RunAsync{T}"/>, for a call that waits for more than the disk of its folder, on threads of the caller.
    /// </summary>
    public Task<T> InTurnAsync<T>(Func<Task<T>> call, CancellationToken givenUp = default) => _turns.RunAsync(() =>
        givenUp.IsCancellationRequested ? Task.FromCanceled<T>(givenUp) : call()).WaitOrLeaveAsync(givenUp);

    /// <summary>Loads the hashes: pieces are about to be checked or downloaded. Blocks.</summary>
    /// <exception cref="FreshetException">The hashes cannot be read.</exception>
    public bool LoadHashes()
    {
        _stored?.Load();
        return true;
    }

    /// <summary>Takes the right to write in this folder.</summary>
    /// <returns>
    /// Why it cannot be taken now; null on success. Until it is taken, <see cref="Prepare(TorrentOptions)"/> prepares nothing, and a probe
    /// tries to take it again.
    /// </returns>
    /// <exception cref="FreshetException">Another session holds it.</exception>
    public Task<StorageError?> ClaimAsync(CancellationToken givenUp)
    {
        _mayHaveClaim = true;
        return RunAsync(Claim, givenUp);
    }

    /// <summary>
    /// Releases the right to write once everything requested before is done. If the wait is cancelled, the right is released when the disk
    /// responds; until then others are kept out.
    /// </summary>
    public Task GiveUpClaimAsync(CancellationToken givenUp)
    {
        if (!_mayHaveClaim)
            return Task.CompletedTask;
        _mayHaveClaim = false;
        return RunAsync(GiveUpClaim, CancellationToken.None).WaitOrLeaveAsync(givenUp);
    }

    /// <summary>Frees what is only needed for checking or downloading, neither of which will happen for a while.</summary>
    public void Rest()
    {
        _stored?.Unload();
        Disk.Rest();
    }

    /// <summary>The stamp of each file.</summary>
    public ImmutableArray<FileStamp> GetStamps() => [.. _storage.GetStamps()];

    /// <summary>
    /// The stamp of each file at the start of a run, and any obstacle to the run that will not go away by itself. Files that exist are
    /// expected to stay. Blocks.
    /// </summary>
    public (ImmutableArray<FileStamp> Stamps, StorageError? Obstacle) Survey(TorrentOptions options)
    {
        // Left by an earlier run that did not wait for the end of its flush: nothing it flushed may be vouched for without looking again.
        _ = _storage.TakeFlushed();
        (FileStamp[] stamps, StorageError? obstacle) = _storage.Survey(SkippedIn(options));
        _storage.Expect(stamps);
        return (ImmutableCollectionsMarshal.AsImmutableArray(stamps), obstacle);
    }

    /// <summary>Existing files may have been written, but not flushed, by an earlier run: includes them in the next flush.</summary>
    public void DoubtFiles() => _storage.DoubtExpected();

    /// <summary>Whether the torrent's output folder exists. Blocks.</summary>
    public bool HasFolder => _storage.HasRoot;

    public int FailedFlushes => Disk.FailedFlushes;

    public Task<ImmutableArray<FileStamp>> LookAsync(CancellationToken givenUp) =>
        Disk.RunAsync(GetStamps).WaitOrLeaveAsync(givenUp);

    public Task<FlushResult> FlushAsync(CancellationToken givenUp) => Disk.FlushAsync(givenUp);

    // Some systems report the last write only when the file is closed.
    public Task<ImmutableArray<FileStamp>> CloseAndLookAsync(CancellationToken givenUp) => Disk.RunAsync(() =>
    {
        _storage.Close();
        return GetStamps();
    }).WaitOrLeaveAsync(givenUp);

    /// <summary>The files written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() => _storage.TakeFlushed();

    /// <summary>Creates folders, empty files and links and, with full preallocation, everything wanted. Blocks.</summary>
    public StorageError? Prepare(TorrentOptions options)
    {
        _skipped = SkippedIn(options);
        return Prepare();
    }

    /// <summary>Does the same during a run for newly wanted files; the owner is notified if it fails. Blocks.</summary>
    public bool PrepareMore(TorrentOptions options)
    {
        ImmutableHashSet<int> before = _skipped;
        _skipped = SkippedIn(options);
        if (!_isReady)
            return false;
        if (before.Except(_skipped).IsEmpty)
            return _storage.Parts.Arrange(_skipped) is null;
        _mayHaveClaim = true;

        // Not where files are missing: lost files must not be created again.
        StorageError? trouble = TryClaim();
        _isReady = trouble is null;
        if (trouble is null && IsWhole())
            trouble = Prepare();
        if (trouble is not null)
            _owner.OnDiskFailed(trouble, DiskOperation.Write, []);
        return trouble is null;
    }

    /// <summary>Retries what failed last.</summary>
    public void Probe()
    {
        if (_hasLoss && !_lacksClaim)
            _ = RunAsync(FindLossAgain);
        else if (_isReady && _lacksClaim)
            _ = RunAsync(ClaimAgain);
        else if (_isReady)
            Disk.ProbeDisk();
        else
            _ = RunAsync(PrepareAgain);
    }

    /// <summary>
    /// Whether all files are still where they were written. Data written to a file that was deleted meanwhile exists only until the file is
    /// closed. If files are missing, the owner is notified, and the next probe looks again.
    /// </summary>
    public bool IsWhole()
    {
        StorageError? loss = _storage.FindLoss();
        _hasLoss = loss is not null;
        if (loss is not null)
            _owner.OnDiskFailed(loss, DiskOperation.Write, []);
        return loss is null;
    }

    public Task<bool> IsWholeAsync(CancellationToken givenUp) => RunAsync(IsWhole, givenUp);

    /// <summary>Why a file cannot be renamed; null if it can. Blocks.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist) => _storage.FindObstacle(file, path, mustExist);

    /// <summary>Renames a file. Blocks. Not durable before <see cref="FlushRenamed"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its new path in the folder.</param>
    /// <param name="mustExist">Whether it existed when it was last recorded.</param>
    /// <exception cref="FreshetException">Another session writes here.</exception>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist)
    {
        bool mustKeep = _claim is not null || _lacksClaim;
        try
        {
            return Claim() ?? _storage.Rename(file, path, mustExist);
        }
        finally
        {
            if (!mustKeep)
                GiveUpClaim();
        }
    }

    /// <summary>The files that existed before the torrent.</summary>
    public FoundFiles Found { get; }

    /// <summary>
    /// Makes the part file hold what unwanted files share with wanted ones, even though those files exist, because they are not the
    /// torrent's. Blocks.
    /// </summary>
    public StorageError? KeepOut(IReadOnlySet<int> foreign) => _storage.Parts.Arrange(_skipped, foreign);

    /// <summary>Where a file is stored.</summary>
    public string PathOf(TorrentFile file) => _storage.Names.PathOf(file).Full;

    /// <summary>Whether a file has another name somewhere (a hard link), under which it would change too. Blocks.</summary>
    public bool HasOtherName(TorrentFile file) => _services.System.Stat(_storage.Names.PathOf(file)).Names > 1;

    /// <summary>Whether a range of the torrent's bytes has anything but zeros on disk, or cannot be read. Blocks.</summary>
    public bool HoldsBytes(long offset, int length)
    {
        switch (_storage.ExtentOf(offset, length))
        {
            case Extent.Hole or Extent.Missing:
                return false;
            default:
                return !ZeroRun.IsZero(_storage, offset, length);
        }
    }

    /// <summary>Whether verified pieces were in the part file and it no longer exists. Blocks.</summary>
    public bool HasLostPartFile(Bitfield have) => _storage.Parts.HasLost(have);

    /// <summary>Deletes the part file, once it is recorded that it is empty.</summary>
    public async Task TidyAsync(FileMap recorded, CancellationToken givenUp)
    {
        // If deleting fails, the file takes little space, and goes with the torrent's files at the latest.
        if (!recorded.HasPartFile && _storage.HasPartFile)
            _ = await Disk.RunAsync(_storage.Parts.Tidy).WaitOrLeaveAsync(givenUp).ConfigureAwait(false);
    }

    /// <summary>Everything that is stored, as a list of files to move.</summary>
    public IReadOnlyList<MovedFile> ListFiles() => _storage.Names.List();

    /// <summary>Finds out whether a file was renamed before the last process ended. Blocks.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public void FindRenamed(TorrentFile file, string path) => _storage.Names.FindRenamed(file, path);

    /// <summary>Makes a rename durable. Blocks.</summary>
    public StorageError? FlushRenamed(string from, string to) => _storage.Names.FlushRenamed(from, to);

    /// <summary>Deletes the torrent's own files, and folders that are empty afterwards.</summary>
    /// <param name="findKept">Returns the indices of the files to keep; it may access the disk.</param>
    /// <param name="patience">The time limit for each file.</param>
    /// <param name="time">The clock.</param>
    /// <returns>
    /// The first error, or a timeout. The remaining files are then kept: nobody knows what is there when the disk responds later.
    /// </returns>
    public async Task<StorageError?> DeleteFilesAsync(Func<IReadOnlySet<int>> findKept, TimeSpan patience, TimeProvider time)
    {
        // Not disposed: it may be used after the caller has stopped waiting.
        CancellationTokenSource givenUp = new(patience, time);
        bool MayGoOn()
        {
            givenUp.CancelAfter(patience);
            return !givenUp.IsCancellationRequested;
        }

        try
        {
            return await RunAsync(() => _storage.DeleteFiles(findKept(), MayGoOn), givenUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new StorageError(
                StorageErrorKind.Other,
                _folder,
                $"The disk mounted at {_services.Disk.MountOf(_folder)} does not answer: the torrent's files in {_folder} were not "
                + "deleted, or not all of them.");
        }
    }

    /// <summary>
    /// Hashes and writes whole pieces, returns every block, and closes the files. If the wait is cancelled, that is done when the disk
    /// responds.
    /// </summary>
    public async Task CloseAsync(CancellationToken givenUp)
    {
        await GiveUpClaimAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Disk.CloseAsync(givenUp).ConfigureAwait(false);
    }

    private StorageError? Claim()
    {
        if (_claim is not null)
            return null;
        _claim = DataClaim.TryTake(_services.System, _swarmHash, _folder, out StorageError? trouble);
        _lacksClaim = trouble is not null;
        if (_claim?.Caution is { } caution && !_hasWarned)
        {
            _hasWarned = true;
            _services.Warn?.Invoke(caution);
        }

        return trouble;
    }

    private bool GiveUpClaim()
    {
        _lacksClaim = false;
        Interlocked.Exchange(ref _claim, null)?.Dispose();
        return true;
    }

    private StorageError? TryClaim()
    {
        try
        {
            return Claim();
        }
        catch (FreshetException e)
        {
            _lacksClaim = true;
            return new StorageError(StorageErrorKind.Other, "", e.Message);
        }
    }

    private static ImmutableHashSet<int> SkippedIn(TorrentOptions options) => options.FilePriorities.IsEmpty
        ? []
        : [.. Enumerable.Range(0, options.FilePriorities.Length).Where(file => options.FilePriorities[file] == FilePriority.Skip)];

    private StorageError? Prepare()
    {
        StorageError? error = _lacksClaim ? TryClaim() : null;
        error ??= _storage.Prepare(_skipped) ?? _storage.Parts.Arrange(_skipped);
        _isReady = error is null;
        return error;
    }

    private bool FindLossAgain()
    {
        if (!IsWhole())
            return false;
        _owner.OnDiskRecovered();
        return true;
    }

    private bool ClaimAgain()
    {
        if (TryClaim() is { } error)
            _owner.OnDiskFailed(error, DiskOperation.Write, []);
        else
            _owner.OnDiskRecovered();
        return !_lacksClaim;
    }

    private bool PrepareAgain()
    {
        if (Prepare() is { } error)
            _owner.OnDiskFailed(error, DiskOperation.Write, []);
        else
            _owner.OnDiskRecovered();
        return _isReady;
    }
}
