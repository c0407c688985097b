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
/// A torrent of a session. A handle: reading it disturbs nobody, and what it is told to do happens on the torrent's own loop.
/// </summary>
public sealed class Torrent
{
    private readonly TorrentActor _actor;

    internal Torrent(TorrentActor actor) => _actor = actor;

    /// <summary>
    /// What names the torrent in its swarm. It stays the same in a session: one that was added by one of its two hashes goes by that.
    /// </summary>
    public InfoHash InfoHash => _actor.InfoHash;

    /// <summary>
    /// Its name. As long as its metadata is not known it is the one that the magnet link gives, or the info-hash, and no file's name.
    /// </summary>
    public string Name => _actor.Name;

    /// <summary>Whether its metadata is known: at once, unless it was added by a magnet link.</summary>
    public bool HasMetadata => _actor.Metainfo is not null;

    /// <summary>The absolute folder that its files lie in.</summary>
    public string Folder => _actor.Folder;

    /// <summary>
    /// The torrent a moment ago: a snapshot. While something changes it is at most 0.3 s old; a torrent at which nothing happens is not
    /// looked at, and what it says holds till now.
    /// </summary>
    public TorrentStatus Status => _actor.Status;

    /// <summary>
    /// Completes when all that is wanted is there, verified. Faults with <see cref="TorrentFailedException"/> when the torrent cannot go
    /// on without its user, and is cancelled when the torrent is removed before.
    /// </summary>
    public Task Completion => _actor.Completion;

    /// <summary>When it was added; the beginning of 1970 if nobody knows any more.</summary>
    public DateTimeOffset AddedAt => _actor.Record.AddedAt;

    /// <summary>When all that was wanted was there for the first time; null if it never was. Known once that is recorded.</summary>
    public DateTimeOffset? CompletedAt => _actor.Record.CompletedAt;

    /// <summary>
    /// Whether <see cref="SetCompletionHandledAsync"/> was called, in any run. Events may be missed, when their reader is slow or the
    /// program ends; a program that must do something for every torrent that is complete looks at this when it starts as well.
    /// </summary>
    public bool IsCompletionHandled => _actor.Record.IsCompletionHandled;

    /// <summary>What it has done in all its runs, with what the last tick knew of this one.</summary>
    public TorrentTotals Totals => _actor.Totals;

    /// <summary>The port check: whether peers on the internet can connect to us, as far as is known; a session has one.</summary>
    public ReachabilityStatus Reachability => _actor.Services.Network.Reachability;

    /// <summary>
    /// Its files, pad files included, as far as <see cref="Status"/> knows; none as long as its metadata is not known. Made anew for
    /// each caller; costs a little for each piece.
    /// </summary>
    public ImmutableArray<TorrentFileStatus> Files =>
        _actor.Metainfo is { } metainfo ? FileReport.Of(metainfo, Folder, _actor.Map, Options.FilePriorities, _actor.Snapshot.Have) : [];

    /// <summary>Its connected peers, in no order.</summary>
    public ImmutableArray<PeerStatus> Peers => _actor.Snapshot.Peers;

    /// <summary>Its web seeds, in the torrent's order.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds => _actor.WebSeeds;

    /// <summary>Its trackers, tier by tier.</summary>
    public ImmutableArray<TrackerStatus> Trackers => _actor.Trackers;

    /// <summary>How it stands with the DHT; null if it does not use it, as a private torrent never does.</summary>
    public TorrentDhtStatus? Dht => _actor.Snapshot.DhtAt(_actor.Services.Clock.Now);

    /// <summary>
    /// The pieces that are there and verified, none as long as the metadata is not known: a copy, which is the caller's.
    /// </summary>
    public Bitfield Pieces => _actor.Snapshot.Have.Clone();

    /// <summary>What the torrent was told to be.</summary>
    public TorrentOptions Options => _actor.Options;

    internal TorrentActor Actor => _actor;

    /// <summary>
    /// Starts it, or tries again after a failure. Nothing happens if it runs. Ends when its files were looked at, or when it is stopped
    /// while they cannot be.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _actor.StartAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Stops it: leaves the swarm, flushes, and records what is there. A disk that does not answer is given up on after 20 s, with a
    /// warning that names it and says what may be lost.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _actor.StopAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Everything its .torrent file says, as soon as that is known: at once, unless it was added by a magnet link. It is read from the
    /// state folder, if the session has one: what is asked often is at hand in the other members.
    /// </summary>
    /// <exception cref="FreshetException">The state folder does not give it (<see cref="FreshetError.Storage"/>).</exception>
    /// <exception cref="TorrentFailedException">What peers gave cannot be used or kept, so that the torrent cannot go on.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the torrent was removed.</exception>
    public Task<TorrentMetainfo> WaitForMetadataAsync(CancellationToken cancellationToken = default) =>
        _actor.ReadMetainfoAsync(cancellationToken);

    /// <summary>
    /// The bytes of a .torrent file of it, with the trackers and web seeds that are known; as soon as the metadata is known. The exceptions
    /// are those of <see cref="WaitForMetadataAsync"/>.
    /// </summary>
    public async Task<byte[]> ExportAsync(CancellationToken cancellationToken = default) =>
        TorrentFileWriter.Write(await _actor.ReadMetainfoAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Reads and hashes everything of it that is on disk, and goes on with what that gives. Peers are left meanwhile; a torrent that is
    /// stopped is started. Ends when the reading begins.
    /// </summary>
    public Task RecheckAsync(CancellationToken cancellationToken = default) => _actor.RecheckAsync().WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Records that whatever was to be done when the torrent is complete was done; for good, if the session has a state folder.
    /// </summary>
    /// <exception cref="FreshetException">It cannot be recorded (<see cref="FreshetError.Storage"/>).</exception>
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

    /// <summary>Changes its options while it runs.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or may not change.</exception>
    public Task ApplyAsync(TorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.DownloadFolder != Options.DownloadFolder)
            throw new ArgumentException("The download folder of a torrent that was added cannot be changed.", nameof(options));
        if (options.IncompleteFolder != Options.IncompleteFolder)
            throw new ArgumentException("The folder for incomplete files cannot be changed once a torrent is added.", nameof(options));
        if (options.PortableNames != Options.PortableNames)
            throw new ArgumentException("The rules for names of a torrent that was added cannot be changed.", nameof(options));
        return _actor.ApplyAsync(options).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Gives one of its files another name or place in its folder, while it runs or not. Folders are made for it; nothing is overwritten.
    /// The torrent itself stays as it is, and the new name is remembered: a file that is not there yet will be made under it. Should the
    /// program end meanwhile, the file is found at the next start by the name that it has then.
    /// </summary>
    /// <param name="file">Its index, as in <see cref="Files"/>. Padding and links cannot be renamed.</param>
    /// <param name="path">Its new path below <see cref="Folder"/>, with <c>/</c> between elements.</param>
    /// <param name="cancellationToken">Ends the waiting, not the renaming.</param>
    /// <exception cref="ArgumentException">
    /// There is no such file, or none is known yet; or the path leads out of the folder, cannot be stored there, or belongs to another
    /// file of the torrent.
    /// </exception>
    /// <exception cref="FreshetException">
    /// Something has the name already (<see cref="FreshetError.FileExists"/>), another session writes the files
    /// (<see cref="FreshetError.Locked"/>), another torrent of the session uses the file or stores one at the new path
    /// (<see cref="FreshetError.PathInUse"/>), or the disk or the state folder does not take it, or does not answer and the torrent is
    /// stopped (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public Task RenameFileAsync(int file, string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(file, _actor.Metainfo?.Files.Length ?? 0);
        return _actor.RenameFilesAsync([(file, path)]).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Gives a folder of its files another name or place, by renaming each file in it; see <see cref="RenameFileAsync"/>. If one cannot be
    /// renamed, those before it are.
    /// </summary>
    /// <param name="folder">The folder, below <see cref="Folder"/>, with <c>/</c> between elements.</param>
    /// <param name="path">Its new path, likewise.</param>
    /// <param name="cancellationToken">Ends the waiting, not the renaming.</param>
    /// <exception cref="ArgumentException">No file of the torrent is stored in such a folder, or the path cannot be.</exception>
    /// <exception cref="FreshetException">As of <see cref="RenameFileAsync"/>.</exception>
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
    /// Moves its files to another folder, on this file system or another, and keeps them there from now on. A torrent that runs is stopped
    /// for it and goes on afterwards. Files are renamed where they can be; otherwise each is copied and compared before any is deleted.
    /// Nothing is overwritten. If it fails or is cancelled, all files are where they were; should the program end meanwhile, the next start
    /// of the torrent goes on with it.
    /// </summary>
    /// <param name="folder">The folder that is to hold the torrent's file or folder. It is made if it does not exist.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellationToken">Ends it, and takes back what was done.</param>
    /// <exception cref="FreshetException">
    /// Something has the name already that a file is to get (<see cref="FreshetError.FileExists"/>), another session writes the files or in
    /// the new folder (<see cref="FreshetError.Locked"/>), another torrent of the session uses one of the files or may write in the new
    /// folder (<see cref="FreshetError.PathInUse"/>), or a disk or the state folder does not take it
    /// (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public Task MoveAsync(string folder, IProgress<MoveProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return _actor.MoveAsync(full, progress, cancellationToken);
    }

    /// <summary>
    /// Asks its trackers for peers before their time, as soon as they allow it. Nothing happens if the torrent does not run.
    /// </summary>
    public Task ReannounceAsync(CancellationToken cancellationToken = default) =>
        _actor.OnLoopAsync(_actor.Machine.Reannounce).WaitOrLeaveAsync(cancellationToken);

    /// <summary>
    /// Somebody waits for these pieces: they are asked for before all others, in this order, each of several peers if one is slow. Those
    /// that are there already are passed over.
    /// </summary>
    /// <param name="pieces">Which, at most 256 at a time.</param>
    /// <param name="within">Until when they are needed, counted from now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">Too many pieces, one that the torrent does not have, or a time that is past.</exception>
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
    /// Opens one of its files for reading while it is downloaded. The stream can be read and sought in; reading waits for the piece that it
    /// comes to, and only verified bytes are read. What lies before a reader is asked for before all else, by when it will come to it; a
    /// reader that seeks does not wait behind what was asked for before. Several may read at once, each with a stream of its own; dispose
    /// of every stream. Of a torrent that is stopped, what is missing is waited for until it is started again, or the reading is cancelled.
    /// Reading without a task (<see cref="Stream.Read(byte[], int, int)"/>) blocks its thread.
    /// </summary>
    /// <param name="file">Its index, as in <see cref="Files"/>.</param>
    /// <returns>The file's bytes. Reading is an <see cref="IOException"/> if the torrent fails or is removed, or the disk does.</returns>
    /// <exception cref="ArgumentException">There is no such file, none is known yet, or it is padding, a link, or not wanted.</exception>
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

    /// <summary>Tells it of peers to connect to.</summary>
    public Task AddPeersAsync(IEnumerable<IPEndPoint> peers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return _actor.AddPeersAsync([.. peers]).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
