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
/// A torrent's data: its files, made ready at a start, and the way to them. What changes something is done in turn, and keeps its turn
/// until the disk has answered, whether or not somebody still waits for it.
/// </summary>
// The disk disposes of the storage when it is closed.
#pragma warning disable CA1001
internal sealed class TorrentStore
#pragma warning restore CA1001
{
    private readonly OneAtATime _turns = new();
    private readonly FileStorage _storage;
    private readonly ITorrentDiskOwner _owner;
    private readonly StoredHashes? _stored;
    private readonly Func<DataClaim?> _takeClaim;
    private readonly Func<string> _mount;
    private readonly string _folder;
    private DataClaim? _claim;
    private ImmutableHashSet<int> _skipped = [];
    private bool _isReady;
    private volatile bool _mayHaveClaim;
    private volatile bool _hasLoss;

    /// <param name="services">The session's.</param>
    /// <param name="preallocation">Whether space is taken before data comes.</param>
    /// <param name="metainfo">The torrent, with or without its hashes.</param>
    /// <param name="memory">Where it lies, and where its hashes are kept.</param>
    /// <param name="owner">Hears what becomes of the data.</param>
    public TorrentStore(
        DiskServices services, Preallocation preallocation, TorrentMetainfo metainfo, TorrentMemory memory, ITorrentDiskOwner owner)
    {
        _owner = owner;
        _folder = memory.Folder;
        _mount = () => services.Disk.MountOf(memory.Folder);
        Renaming = new FileRenaming(metainfo, this, memory);
        Found = new FoundFiles(metainfo, this, memory);
        Moving = new FileMoving(metainfo, this, memory, services.System);
        _takeClaim = () => DataClaim.TryTake(services.System, metainfo.SwarmHash, memory.Folder);
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

    /// <summary>The folder that its files lie in.</summary>
    public string Folder => _folder;

    /// <summary>Gives its files other names.</summary>
    public FileRenaming Renaming { get; }

    /// <summary>Moves them to another folder, in which another store is to be opened then.</summary>
    public FileMoving Moving { get; }

    /// <summary>Where in the folder each file is stored.</summary>
    public FileMap Map => _storage.Names.Map;

    /// <summary>Makes a call that may wait for the disk, after those that were asked for before.</summary>
    /// <param name="call">One of those below that block.</param>
    /// <param name="givenUp">Ends the waiting. A call that has begun goes on; one that has not never will.</param>
    public Task<T> RunAsync<T>(Func<T> call, CancellationToken givenUp = default) => InTurnAsync(() => Disk.RunAsync(call), givenUp);

    /// <summary>The same for a call that waits for more than the disk of its folder, on threads of the caller's.</summary>
    public Task<T> InTurnAsync<T>(Func<Task<T>> call, CancellationToken givenUp = default) => _turns.RunAsync(() =>
        givenUp.IsCancellationRequested ? Task.FromCanceled<T>(givenUp) : call()).WaitOrLeaveAsync(givenUp);

    /// <summary>Has the hashes at hand: pieces are about to be checked or downloaded. Blocks.</summary>
    /// <exception cref="FreshetException">They cannot be read.</exception>
    public bool LoadHashes()
    {
        _stored?.Load();
        return true;
    }

    /// <summary>Takes the right to write here.</summary>
    /// <exception cref="FreshetException">Another session has it.</exception>
    public Task ClaimAsync(CancellationToken givenUp)
    {
        _mayHaveClaim = true;
        return RunAsync(Claim, givenUp);
    }

    /// <summary>
    /// Gives it back, once all that was asked for before is done: nothing is written any more. Whoever gives up waiting for that leaves
    /// it to be done when the disk answers; until then others are kept out.
    /// </summary>
    public Task GiveUpClaimAsync(CancellationToken givenUp)
    {
        if (!_mayHaveClaim)
            return Task.CompletedTask;
        _mayHaveClaim = false;
        return RunAsync(GiveUpClaim, CancellationToken.None).WaitOrLeaveAsync(givenUp);
    }

    /// <summary>Nothing is checked or downloaded for a while: what serves only that is let go.</summary>
    public void Rest()
    {
        _stored?.Unload();
        Disk.Rest();
    }

    /// <summary>What each file looks like.</summary>
    public ImmutableArray<FileStamp> GetStamps() => [.. _storage.GetStamps()];

    /// <summary>
    /// What each file looks like at the start of a run, and what lies in the way of one and will not go away by itself. Files that are
    /// there are expected to stay. Blocks.
    /// </summary>
    public (ImmutableArray<FileStamp> Stamps, StorageError? Obstacle) Survey(TorrentOptions options)
    {
        // Of an earlier run that did not wait for the end of its flush: whoever vouches for them must have seen them since.
        _ = _storage.TakeFlushed();
        (FileStamp[] stamps, StorageError? obstacle) = _storage.Survey(SkippedIn(options));
        _storage.Expect(stamps);
        return (ImmutableCollectionsMarshal.AsImmutableArray(stamps), obstacle);
    }

    /// <summary>The files that are there may have been written, and not flushed, by an earlier run: the next flush includes them.</summary>
    public void DoubtFiles() => _storage.DoubtExpected();

    /// <summary>Whether the torrent's output folder is there. Blocks.</summary>
    public bool HasFolder => _storage.HasRoot;

    /// <summary>What each file looks like at the end of a run. Some systems tell of the last write only when the file is closed.</summary>
    public ImmutableArray<FileStamp> CloseAndGetStamps()
    {
        _storage.Close();
        return GetStamps();
    }

    /// <summary>The files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() => _storage.TakeFlushed();

    /// <summary>Makes folders, empty files and links, and with full preallocation all that is wanted. Blocks.</summary>
    public StorageError? Prepare(TorrentOptions options)
    {
        _skipped = SkippedIn(options);
        return Prepare();
    }

    /// <summary>Does so in a run for files that have come to be wanted; the owner hears if it cannot be done. Blocks.</summary>
    public bool PrepareMore(TorrentOptions options)
    {
        ImmutableHashSet<int> before = _skipped;
        _skipped = SkippedIn(options);
        if (!_isReady)
            return false;
        if (before.Except(_skipped).IsEmpty)
            return _storage.Parts.Settle(_skipped) is null;
        _mayHaveClaim = true;

        // Not where files are missing: what was lost must not be made anew.
        StorageError? trouble = TryClaim();
        if (trouble is null && IsWhole())
            trouble = Prepare();
        if (trouble is not null)
            _owner.OnDiskFailed(trouble, DiskOperation.Write, []);
        return trouble is null;
    }

    /// <summary>Tries again what failed last.</summary>
    public void Probe()
    {
        if (_hasLoss)
            _ = RunAsync(FindLossAgain);
        else if (_isReady)
            Disk.ProbeDisk();
        else
            _ = RunAsync(PrepareAgain);
    }

    /// <summary>
    /// Whether all files are where they were written. What was written to one that was deleted meanwhile is only there until it is closed.
    /// If not, the owner hears of it, and the next probe looks again.
    /// </summary>
    public bool IsWhole()
    {
        StorageError? loss = _storage.FindLoss();
        _hasLoss = loss is not null;
        if (loss is not null)
            _owner.OnDiskFailed(loss, DiskOperation.Write, []);
        return loss is null;
    }

    /// <summary>Why a file cannot get another name; null if it can. Blocks.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist) => _storage.FindObstacle(file, path, mustExist);

    /// <summary>Gives a file another name. Blocks. Not to be relied on before <see cref="FlushRenamed"/>.</summary>
    /// <param name="file">Which.</param>
    /// <param name="path">Its path in the folder from now on.</param>
    /// <param name="mustExist">Whether it was there when it was recorded last.</param>
    /// <exception cref="FreshetException">Another session writes here.</exception>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist)
    {
        bool isClaimed = _claim is not null;
        Claim();
        try
        {
            return _storage.Rename(file, path, mustExist);
        }
        finally
        {
            if (!isClaimed)
                GiveUpClaim();
        }
    }

    /// <summary>The files that were there before the torrent.</summary>
    public FoundFiles Found { get; }

    /// <summary>
    /// Has the part file hold what files that are not wanted share with wanted ones, though they are there: they are not the torrent's.
    /// Blocks.
    /// </summary>
    public StorageError? KeepOut(IReadOnlySet<int> foreign) => _storage.Parts.Settle(_skipped, foreign);

    /// <summary>Where a file is stored.</summary>
    public string PathOf(TorrentFile file) => _storage.Names.PathOf(file).Full;

    /// <summary>Whether a run of the torrent's bytes holds, on disk, anything but zeros; also if it cannot be read. Blocks.</summary>
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

    /// <summary>Whether pieces that were verified lie in the part file, and that is not there any more. Blocks.</summary>
    public bool HasLostPartFile(Bitfield have) => _storage.Parts.HasLost(have);

    /// <summary>Deletes the part file, once it is recorded that it holds nothing.</summary>
    public async Task TidyAsync(FileMap recorded, CancellationToken givenUp)
    {
        // What is left there takes a little space, and is deleted with the torrent's files at the latest.
        if (!recorded.HasPartFile && _storage.HasPartFile)
            _ = await Disk.RunAsync(_storage.Parts.Tidy).WaitOrLeaveAsync(givenUp).ConfigureAwait(false);
    }

    /// <summary>All that is stored, as it is to be moved.</summary>
    public IReadOnlyList<MovedFile> ListFiles() => _storage.Names.List();

    /// <summary>Finds out whether a file was renamed before the last process ended. Blocks.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public void FindRenamed(TorrentFile file, string path) => _storage.Names.FindRenamed(file, path);

    /// <summary>Makes it durable that a file was renamed. Blocks.</summary>
    public StorageError? FlushRenamed(string from, string to) => _storage.Names.FlushRenamed(from, to);

    /// <summary>Deletes the torrent's own files, and folders that are empty then.</summary>
    /// <param name="findKept">Which files stay, by their index; it may look at the disk.</param>
    /// <param name="patience">How long each may take.</param>
    /// <param name="time">What time passes.</param>
    /// <returns>
    /// The first error, or that one takes longer. The others are left then: nobody knows what lies there when the disk answers later.
    /// </returns>
    public async Task<StorageError?> DeleteFilesAsync(Func<IReadOnlySet<int>> findKept, TimeSpan patience, TimeProvider time)
    {
        // Not disposed of: it may be looked at when nobody waits any more.
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
                $"The disk mounted at {_mount()} does not answer: the torrent's files in {_folder} were not deleted, or not all of them.");
        }
    }

    /// <summary>
    /// Hashes and writes what is whole, gives back every block, and closes the files. Whoever gives up waiting leaves that to be done when
    /// the disk answers.
    /// </summary>
    public async Task CloseAsync(CancellationToken givenUp)
    {
        await GiveUpClaimAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Disk.CloseAsync(givenUp).ConfigureAwait(false);
    }

    private bool Claim()
    {
        _claim ??= _takeClaim();
        return true;
    }

    private bool GiveUpClaim()
    {
        Interlocked.Exchange(ref _claim, null)?.Dispose();
        return true;
    }

    private StorageError? TryClaim()
    {
        try
        {
            Claim();
            return null;
        }
        catch (FreshetException e)
        {
            return new StorageError(StorageErrorKind.Other, "", e.Message);
        }
    }

    private static ImmutableHashSet<int> SkippedIn(TorrentOptions options) => options.FilePriorities.IsEmpty
        ? []
        : [.. Enumerable.Range(0, options.FilePriorities.Length).Where(file => options.FilePriorities[file] == FilePriority.Skip)];

    private StorageError? Prepare()
    {
        StorageError? error = _storage.Prepare(_skipped) ?? _storage.Parts.Settle(_skipped);
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

    private bool PrepareAgain()
    {
        if (Prepare() is { } error)
            _owner.OnDiskFailed(error, DiskOperation.Write, []);
        else
            _owner.OnDiskRecovered();
        return _isReady;
    }
}
