using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.PortMapping;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Loops;
using Freshet.Persistence;
using Freshet.Running;

namespace Freshet;

/// <summary>
/// A handle to a torrent of a session. Reading it is cheap and never blocks the torrent; commands run on the torrent's own loop.
/// </summary>
public sealed class Torrent
{
    private readonly TorrentActor _actor;

    internal Torrent(TorrentActor actor) => _actor = actor;

    /// <summary>
    /// The info-hash that identifies the torrent. It never changes within a session: a hybrid torrent keeps the hash by which it was added.
    /// </summary>
    public InfoHash InfoHash => _actor.InfoHash;

    /// <summary>
    /// The torrent's name. Until the metadata is known, this is the name from the magnet link or the info-hash, and not the name of a file.
    /// </summary>
    public string Name => _actor.Name;

    /// <summary>Whether the metadata is known. Only a torrent that was added by a magnet link may start without it.</summary>
    public bool HasMetadata => _actor.Metainfo is not null;

    /// <summary>The absolute path of the folder with the torrent's files.</summary>
    public string Folder => _actor.Folder;

    /// <summary>
    /// A snapshot of the torrent. It is at most 0.3 s old while anything changes; an idle torrent keeps its last snapshot, which still
    /// holds.
    /// </summary>
    public TorrentStatus Status => _actor.Status;

    /// <summary>
    /// Completes when everything wanted is downloaded and verified. Faults with <see cref="TorrentFailedException"/> if the torrent cannot
    /// continue until the user takes action, and is cancelled if the torrent is removed first.
    /// </summary>
    public Task Completion => _actor.Completion;

    /// <summary>When the torrent was added; the beginning of 1970 if that is not known.</summary>
    public DateTimeOffset AddedAt => _actor.Record.AddedAt;

    /// <summary>When everything wanted was first complete; null if it never was. Set once that is recorded.</summary>
    public DateTimeOffset? CompletedAt => _actor.Record.CompletedAt;

    /// <summary>
    /// Whether <see cref="SetCompletionHandledAsync"/> was called, in any run. Events can be missed, if the reader is slow or the program
    /// ends; a program that must act on every complete torrent should therefore also check this when it starts.
    /// </summary>
    public bool IsCompletionHandled => _actor.Record.IsCompletionHandled;

    /// <summary>
    /// The seed limit that stopped the torrent, in this session or an earlier one; null if it was not stopped, or not by a limit.
    /// </summary>
    public SeedLimit? ReachedSeedLimit => Status.State == TorrentState.Stopped ? _actor.Record.SeedLimit : null;

    /// <summary>The totals of all runs, including the current one as of its last tick.</summary>
    public TorrentTotals Totals => _actor.Totals;

    /// <summary>
    /// The port check: whether peers on the internet can connect to us, as far as is known. It is the same for all torrents of a session.
    /// </summary>
    public ReachabilityStatus Reachability => _actor.Services.Network.Reachability;

    /// <summary>
    /// The files, including pad files, as of <see cref="Status"/>; empty until the metadata is known. Computed for each call, at a small
    /// cost per piece.
    /// </summary>
    public ImmutableArray<TorrentFileStatus> Files =>
        _actor.Metainfo is { } metainfo ? FileReport.Of(metainfo, Folder, _actor.Map, Options.FilePriorities, _actor.Snapshot.Have) : [];

    /// <summary>The connected peers, in no particular order.</summary>
    public ImmutableArray<PeerStatus> Peers => _actor.Snapshot.Peers;

    /// <summary>The web seeds, in the torrent's order.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds => _actor.WebSeeds;

    /// <summary>The trackers, tier by tier.</summary>
    public ImmutableArray<TrackerStatus> Trackers => _actor.Trackers;

    /// <summary>The torrent's DHT status; null if it does not use the DHT, as is always so for a private torrent.</summary>
    public TorrentDhtStatus? Dht => _actor.Snapshot.DhtAt(_actor.Services.Clock.Now);

    /// <summary>The verified pieces; empty until the metadata is known. The caller owns the returned copy.</summary>
    public Bitfield Pieces => _actor.Snapshot.Have.Clone();

    /// <summary>The torrent's current options.</summary>
    public TorrentOptions Options => _actor.Options;

    internal TorrentActor Actor => _actor;

    /// <summary>
    /// Starts the torrent, or retries after a failure. Does nothing if it is running. Completes when the files have been looked at, or when
    /// the torrent is stopped before that is possible.
    /// </summary>
    /// <exception cref="FreshetException">
    /// It is started, but that cannot be recorded (<see cref="FreshetError.Storage"/>), so the next session restores it stopped.
    /// </exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _actor.StartAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Stops the torrent: leaves the swarm, flushes, and saves its state. A disk that does not respond is given up after 20 s, with a
    /// warning that names it and says what may be lost.
    /// </summary>
    /// <exception cref="FreshetException">
    /// It is stopped, but that cannot be recorded (<see cref="FreshetError.Storage"/>), so the next session starts it again.
    /// </exception>
    public Task StopAsync(CancellationToken cancellationToken = default) => _actor.StopAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Waits for the metadata and returns it; a torrent that was not added by a magnet link has it at once. It is read from the state
    /// folder, if the session has one; what is needed often is available from the other members.
    /// </summary>
    /// <exception cref="FreshetException">The state folder cannot be read (<see cref="FreshetError.Storage"/>).</exception>
    /// <exception cref="TorrentFailedException">
    /// The metadata from peers cannot be used or saved, so the torrent cannot continue.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the torrent was removed.</exception>
    public Task<TorrentMetainfo> WaitForMetadataAsync(CancellationToken cancellationToken = default) =>
        _actor.ReadMetainfoAsync(cancellationToken);

    /// <summary>
    /// Returns the torrent as a .torrent file, with the trackers of its options or all known ones, and all known web seeds, as soon as the
    /// metadata is known. Throws the same exceptions as <see cref="WaitForMetadataAsync"/>.
    /// </summary>
    public async Task<byte[]> ExportAsync(CancellationToken cancellationToken = default)
    {
        TorrentMetainfo metainfo = await _actor.ReadMetainfoAsync(cancellationToken).ConfigureAwait(false);
        return TorrentFileWriter.Write(Options.Trackers is { } own ? metainfo with { Trackers = own } : metainfo);
    }

    /// <summary>
    /// Checks all of the torrent's data on disk, and continues with the result. The torrent leaves its peers during the check; a stopped
    /// torrent is started. Completes when the check begins.
    /// </summary>
    public Task RecheckAsync(CancellationToken cancellationToken = default) => _actor.RecheckAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Records that the program has done whatever it does for a completed torrent; permanently, if the session has a state folder.
    /// </summary>
    /// <exception cref="FreshetException">The record cannot be written (<see cref="FreshetError.Storage"/>).</exception>
    public async Task SetCompletionHandledAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _actor.NoteAsync(static record => record with { IsCompletionHandled = true }).WaitOrLeaveAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The torrent's state cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Replaces the torrent's options while it runs. Where others may change them too, use <see cref="ApplyAsync(Func{TorrentOptions,
    /// TorrentOptions}, CancellationToken)"/>: what changed since <paramref name="options"/> were read is lost here.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range or cannot be changed.</exception>
    /// <exception cref="FreshetException">As for the other overload.</exception>
    public Task ApplyAsync(TorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionChanges.Validate(Options, options);

        // A move may end in the meantime.
        return ApplyAsync(present => options with { DownloadFolder = present.DownloadFolder }, cancellationToken);
    }

    /// <summary>
    /// Changes some of the torrent's options while it runs, for example <c>options => options with { Sequential = true }</c>. Changes that
    /// are made at the same time are all kept. It takes effect at once, or, if it selects files or changes their priorities, after any
    /// move, renaming or start in progress.
    /// </summary>
    /// <param name="change">
    /// Makes the new options of the present ones. It runs on the torrent's own loop, perhaps more than once, so it must be quick and do
    /// nothing else.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait, not the change.</param>
    /// <exception cref="ArgumentException">An option is out of range or cannot be changed. Nothing was changed.</exception>
    /// <exception cref="FreshetException">
    /// Other files are selected, and they existed before the torrent and differ from it (<see cref="FreshetError.FileExists"/>), or another
    /// torrent may write them (<see cref="FreshetError.PathInUse"/>): nothing was changed. Or the options have changed, but that cannot be
    /// recorded (<see cref="FreshetError.Storage"/>), so the next session restores the earlier ones.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    public Task ApplyAsync(Func<TorrentOptions, TorrentOptions> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _actor.ApplyAsync(change).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Renames a file or moves it within the torrent's folder, whether the torrent runs or not. Folders are created as needed; nothing is
    /// overwritten. The torrent itself does not change, and the new name is recorded: a file that does not exist yet will be created under
    /// it. If the program ends during the renaming, the next start finds the file under whichever name it has.
    /// </summary>
    /// <param name="file">The file's index, as in <see cref="Files"/>. Padding and links cannot be renamed.</param>
    /// <param name="path">The new path below <see cref="Folder"/>, with <c>/</c> between elements.</param>
    /// <param name="cancellationToken">Cancels the wait, not the renaming.</param>
    /// <exception cref="ArgumentException">
    /// There is no such file, or the metadata is not known yet; or the path leads out of the folder, cannot be stored there, or belongs to
    /// another file of the torrent.
    /// </exception>
    /// <exception cref="FreshetException">
    /// The destination exists already (<see cref="FreshetError.FileExists"/>), another session writes the files
    /// (<see cref="FreshetError.Locked"/>), another torrent of the session uses the file or stores one at the new path
    /// (<see cref="FreshetError.PathInUse"/>), or the disk or the state folder fails, or does not respond and the torrent is stopped
    /// (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public Task RenameFileAsync(int file, string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file, _actor.Metainfo?.Files.Length ?? 0);
        return _actor.RenameFilesAsync([(file, path)]).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Renames or moves a folder of the torrent's files by renaming each file in it; see <see cref="RenameFileAsync"/>. If one cannot be
    /// renamed, the files before it keep their new names.
    /// </summary>
    /// <param name="folder">The folder, below <see cref="Folder"/>, with <c>/</c> between elements.</param>
    /// <param name="path">The new path, in the same form.</param>
    /// <param name="cancellationToken">Cancels the wait, not the renaming.</param>
    /// <exception cref="ArgumentException">No file of the torrent is stored in this folder, or the new path is not allowed.</exception>
    /// <exception cref="FreshetException">As for <see cref="RenameFileAsync"/>.</exception>
    public Task RenameFolderAsync(string folder, string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string prefix = folder.TrimEnd('/') + "/";
        string target = path.TrimEnd('/') + "/";
        (int, string)[] names = [.. (_actor.Metainfo?.Files ?? [])
            .Where(file => !file.IsPadding && file.SymlinkTarget is null)
            .Select(file => (file.Index, Path: _actor.Map[file].Path))
            .Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(file => (file.Index, target + file.Path[prefix.Length..]))];
        if (names.Length == 0)
            throw new ArgumentException($"No file of the torrent is stored in {folder}.", nameof(folder));
        return _actor.RenameFilesAsync(names).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Moves the torrent's files to another folder, on the same file system or another, and keeps them there from now on. A running torrent
    /// is stopped for the move and continues afterwards. Files are renamed where possible; otherwise each is copied and compared before any
    /// is deleted. Nothing is overwritten. If the move fails or is cancelled, all files are back in their old place; if the program ends
    /// during the move, the next start of the torrent resumes it.
    /// </summary>
    /// <param name="folder">The folder that will hold the torrent's file or folder. It is created if it does not exist.</param>
    /// <param name="progress">Receives the progress from time to time.</param>
    /// <param name="cancellationToken">Cancels the move and undoes what was done.</param>
    /// <exception cref="FreshetException">
    /// A destination exists already (<see cref="FreshetError.FileExists"/>), another session writes the files or in the new folder
    /// (<see cref="FreshetError.Locked"/>), another torrent of the session uses one of the files or may write in the new folder
    /// (<see cref="FreshetError.PathInUse"/>), or a disk or the state folder fails (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public Task MoveAsync(string folder, IProgress<MoveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return _actor.MoveAsync(full, progress, cancellationToken);
    }

    /// <summary>
    /// Announces to the trackers ahead of schedule, as soon as they allow it. Does nothing if the torrent is not running.
    /// </summary>
    public Task ReannounceAsync(CancellationToken cancellationToken = default) =>
        _actor.OnLoopAsync(_actor.Machine.Reannounce).WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Sets a deadline for pieces that someone is waiting for: they are requested before all others, in this order, and from several peers
    /// if one is slow. Pieces that are already verified are skipped.
    /// </summary>
    /// <param name="pieces">The pieces, at most 256 at a time.</param>
    /// <param name="within">The deadline, counted from now.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ArgumentException">
    /// There are too many pieces, one does not exist in the torrent, or the time is negative.
    /// </exception>
    public Task SetDeadlinesAsync(IReadOnlyList<PieceIndex> pieces, TimeSpan within, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentOutOfRangeException.ThrowIfLessThan(within, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(within, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieces.Count, PieceLimits.MaxDeadlines, nameof(pieces));
        foreach (PieceIndex piece in pieces)
        {
            if (_actor.Metainfo is not { } metainfo)
                throw new ArgumentOutOfRangeException(nameof(pieces), piece.Value, "The torrent's metadata is not known yet.");
            if (!metainfo.Layout.Contains(piece))
                throw new ArgumentOutOfRangeException(nameof(pieces), piece.Value, $"The torrent has pieces 0 to {Status.PieceCount - 1}.");
        }

        PieceIndex[] wanted = [.. pieces];
        return _actor.OnLoopAsync(now => _actor.Machine.SetDeadline(wanted, now + within, now)).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Opens a file for reading while it is downloaded. The stream supports seeking; a read waits for the piece at its position, and only
    /// verified bytes are returned. The pieces ahead of a reader are requested before all else, with deadlines by the reader's speed, and a
    /// reader that seeks does not wait behind earlier requests. Several readers may read at once, each with its own stream; dispose of
    /// every stream. If the torrent is stopped, a read waits for missing data until the torrent is started again or the read is cancelled.
    /// The synchronous <see cref="Stream.Read(byte[], int, int)"/> blocks its thread.
    /// </summary>
    /// <param name="file">The file's index, as in <see cref="Files"/>.</param>
    /// <returns>
    /// The file's bytes. A read throws an <see cref="IOException"/> if the torrent fails or is removed, or if the disk fails.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// There is no such file, the metadata is not known yet, or the file is padding, a link, or not wanted.
    /// </exception>
    public Stream OpenRead(int file)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file, _actor.Metainfo?.Files.Length ?? 0);
        TorrentMetainfo metainfo = _actor.Metainfo!;
        TorrentFile opened = metainfo.Files[file];
        if (opened.IsPadding || (opened.Traits & FileTraits.Symlink) != 0)
            throw new ArgumentException($"{opened.Path} is no file that has bytes of its own.", nameof(file));
        if (Options.FilePriorities is { IsEmpty: false } priorities && priorities[file] == FilePriority.Skip)
            throw new ArgumentException($"{opened.Path} is not wanted: give it another priority first.", nameof(file));
        return new TorrentFileStream(_actor.Readers, metainfo.Layout, opened);
    }

    /// <summary>Adds peers to connect to.</summary>
    public Task AddPeersAsync(IEnumerable<IPEndPoint> peers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return _actor.AddPeersAsync([.. peers]).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
