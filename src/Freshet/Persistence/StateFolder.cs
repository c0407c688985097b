using Freshet.Core;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A session's state on disk (<c>docs/state.md</c>): <c>HASH.torrent</c>, <c>HASH.magnet</c> or both, and <c>HASH.resume</c> for each
/// torrent, and <c>session</c> for itself. Invalid files are set aside as <c>.bad</c> and never silently overwritten.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private const string TorrentSuffix = ".torrent";
    private const string LinkSuffix = ".magnet";
    private const string ResumeSuffix = ".resume";
    private const string LockSuffix = ".lock";
    private readonly string _folder;
    private readonly IFileSystem _system;
    private readonly DiskCalls _calls = new("Freshet state", DiskLimits.CallThreads);
    private readonly Lock _gate = new();
    private StateLock? _lock;
    private int _writes;
    private bool _isReleased;

    private readonly bool _isOnlyRead;
    private readonly Func<Action, Task>? _run;

    /// <param name="folder">The folder.</param>
    /// <param name="system">The files; null for the system's.</param>
    /// <param name="isOnlyRead">Whether nothing is changed: invalid files stay where they are.</param>
    /// <param name="run">Makes calls that may wait for the disk; null for threads of its own.</param>
    /// <exception cref="FreshetException">The folder cannot be created.</exception>
    public StateFolder(string folder, IFileSystem? system = null, bool isOnlyRead = false, Func<Action, Task>? run = null)
    {
        _run = run;
        _isOnlyRead = isOnlyRead;
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _system = system ?? SystemFiles.Instance;
        StateTrouble.Guard(
            () =>
            {
                RootFolder.Create(_system, _folder, isPrivate: true);
                return true;
            },
            "make",
            _folder);
        if (_system.Stat(new FilePath(_folder, "")).Kind is FileKind.File or FileKind.Other)
        {
            throw new FreshetException(
                FreshetError.Storage, $"The state folder cannot be used. {_folder} is not a folder. Move it away, or use another.");
        }
    }

    /// <summary>Whether this session uses the folder exclusively.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Locks the folder until disposed.</summary>
    /// <param name="isShared">Whether others may use it too, each claiming its torrents.</param>
    /// <exception cref="FreshetException">Another session uses it, or it cannot be written.</exception>
    public void Lock(bool isShared)
    {
        _lock = StateLock.Take(_system, _folder, isShared);
        IsAlone = !isShared;
    }

    /// <summary>
    /// Claims a torrent for this process until disposed, so that two processes never write the same record or the same files. Not needed if
    /// the folder is used exclusively.
    /// </summary>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <returns>The claim; without the record if another process uses the torrent in another folder.</returns>
    /// <exception cref="FreshetException">Another process uses it in this folder, or possibly does.</exception>
    public TorrentClaim Claim(InfoHash infoHash, string folder)
    {
        using Write write = new(this);
        FilePath path = PathOf(infoHash, LockSuffix);
        return StateTrouble.Guard(
            () => TorrentClaim.Take(_system, path, folder),
            "open",
            path.Full,
            locked: $"Another process or session is at work on torrent {infoHash} in {folder}, or has just begun. "
                + "Stop it, or name another folder.");
    }

    /// <summary>Runs calls that read or write here on a thread that may wait for the disk.</summary>
    public Task RunAsync(Action call) => _run is not null ? _run(call) : _calls.RunAsync(this, () =>
    {
        call();
        return true;
    });

    /// <inheritdoc cref="RunAsync(Action)"/>
    public async Task<T> RunAsync<T>(Func<T> call)
    {
        T result = default!;
        Task calling = RunAsync(() => { result = call(); });
        await calling.ConfigureAwait(false);
        return result;
    }

    /// <summary>The torrents in the folder, by the names of their files, without duplicates.</summary>
    public IReadOnlyCollection<KeptTorrent> List()
    {
        Dictionary<InfoHash, KeptTorrent> found = [];
        foreach (string name in _system.List(new FilePath(_folder, "")))
        {
            if (TryParseName(name, TorrentSuffix, out InfoHash infoHash))
                found[infoHash] = new KeptTorrent(infoHash, HasTorrent: true, found.GetValueOrDefault(infoHash).HasLink);
            else if (TryParseName(name, LinkSuffix, out infoHash))
                found[infoHash] = new KeptTorrent(infoHash, found.GetValueOrDefault(infoHash).HasTorrent, HasLink: true);
        }

        return found.Values;
    }

    public void SaveTorrent(InfoHash infoHash, ReadOnlySpan<byte> content)
    {
        using Write write = new(this);
        FilePath path = PathOf(infoHash, TorrentSuffix);
        if (!Holds(path, content))
            Replace(path, content);
    }

    public void SaveLink(InfoHash infoHash, MagnetLink link)
    {
        using Write write = new(this);
        FilePath path = PathOf(infoHash, LinkSuffix);
        byte[] content = LinkFile.Write(link);
        if (!Holds(path, content))
            Replace(path, content);
    }

    /// <summary>
    /// The link by which a torrent was added; null if there is no valid one, with a warning if it is invalid or cannot be read.
    /// </summary>
    public (MagnetLink? Link, string? Warning) LoadLink(InfoHash infoHash)
    {
        try
        {
            return Load(
                PathOf(infoHash, LinkSuffix),
                LinkFile.MaxLength,
                (byte[] bytes, out MagnetLink? link, out string? error) => LinkFile.TryRead(bytes, infoHash, out link, out error),
                otherwise: "Add the torrent again.");
        }
        catch (FreshetException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The .torrent of a torrent in the folder.</summary>
    public StoredTorrent TorrentOf(InfoHash infoHash) => new(_system, PathOf(infoHash, TorrentSuffix), infoHash);

    public void SaveResume(TorrentRecord record)
    {
        using Write write = new(this);
        Replace(PathOf(record.InfoHash, ResumeSuffix), ResumeCodec.Write(record));
    }

    /// <inheritdoc cref="LoadResume(InfoHash, TorrentMetainfo?)"/>
    public (TorrentRecord? Record, string? Warning) LoadResume(TorrentMetainfo metainfo) => LoadResume(metainfo.SwarmHash, metainfo);

    /// <summary>The record of an earlier run; null if there is no valid one, with a warning if it is invalid.</summary>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="metainfo">Its metainfo; null if it is not known, and so nothing about its data either.</param>
    /// <exception cref="FreshetException">There is one, and the disk cannot read it. It must not be replaced.</exception>
    public (TorrentRecord? Record, string? Warning) LoadResume(InfoHash infoHash, TorrentMetainfo? metainfo) => Load(
        PathOf(infoHash, ResumeSuffix),
        Limits.MaxResumeLength,
        (byte[] bytes, out TorrentRecord? record, out string? error) =>
            ResumeCodec.TryRead(bytes, infoHash, metainfo, out record, out error),
        otherwise: "The data will be checked.");

    /// <summary>The last saved value of <see cref="SessionClock"/>; zero if it is not known.</summary>
    public TimeSpan LoadClock()
    {
        try
        {
            return SessionRecord.Load(_system, PathOfSession());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    public void SaveClock(TimeSpan clock)
    {
        using Write write = new(this);
        Replace(PathOfSession(), SessionRecord.Write(clock));
    }

    /// <summary>The saved state of the DHT; empty if it cannot be read, since it can be rebuilt.</summary>
    public byte[] LoadDht()
    {
        try
        {
            return BoundedFile.TryRead(_system, PathOfDht(), DhtLimits.MaxDhtFileLength, out byte[]? bytes, out _) ? bytes : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void SaveDht(ReadOnlySpan<byte> memory)
    {
        using Write write = new(this);
        new AtomicFile(_system, PathOfDht()).Replace(memory);
    }

    /// <summary>
    /// Deletes the record of a claimed torrent, durably: its files may be deleted next, and a record that came back would miss them.
    /// </summary>
    public void Forget(InfoHash infoHash)
    {
        using Write write = new(this);
        new AtomicFile(_system, PathOf(infoHash, ResumeSuffix)).Delete();
        new AtomicFile(_system, PathOf(infoHash, TorrentSuffix)).Delete();
        new AtomicFile(_system, PathOf(infoHash, LinkSuffix)).Delete();
        _system.FlushFolder(PathOf(infoHash, ResumeSuffix).Parent);
        TorrentClaim.Forget(_system, PathOf(infoHash, LockSuffix));
    }

    /// <summary>
    /// Releases the folder: nothing is written any more. A write that hangs keeps it locked until it ends, so that no other session
    /// conflicts with it.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isReleased)
                return;
            _isReleased = true;
            if (_writes > 0)
                return;
        }

        _lock?.Dispose();
    }

    /// <summary>The folder's path.</summary>
    public override string ToString() => _folder;

    private static string? Describe(List<string>? troubles, string consequence) =>
        troubles is null ? null : string.Join(' ', troubles) + " " + consequence;

    // Callers that cannot record something warn the user, so the error is passed up as text.
    private void Replace(FilePath path, ReadOnlySpan<byte> content)
    {
        try
        {
            new AtomicFile(_system, path).Replace(content);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            throw new IOException(StateTrouble.WordsOf(e, "write", path.Full), e.HResult);
        }
    }

    private bool Holds(FilePath path, ReadOnlySpan<byte> content) =>
        _system.Stat(path) is { IsFile: true } entry && entry.Length == content.Length
        && BoundedFile.TryRead(_system, path, content.Length, out byte[]? held, out _) && content.SequenceEqual(held);

    private static bool TryParseName(string name, string suffix, out InfoHash infoHash)
    {
        infoHash = default;

        // A replacement that was interrupted leaves only the copy before it.
        if (name.EndsWith(AtomicFile.PreviousSuffix, StringComparison.Ordinal))
            name = name[..^AtomicFile.PreviousSuffix.Length];
        return name.EndsWith(suffix, StringComparison.Ordinal) && InfoHash.TryParseHex(name[..^suffix.Length], out infoHash);
    }

    /// <summary>Reads a file, or its previous copy if it is missing or invalid; sets invalid files aside.</summary>
    /// <exception cref="FreshetException">The disk cannot read it.</exception>
    private (T? Content, string? Warning) Load<T>(FilePath path, int most, Parse<T> parse, string otherwise)
        where T : class
    {
        List<string>? troubles = null;
        foreach (FilePath copy in (ReadOnlySpan<FilePath>)[path, new AtomicFile(_system, path).Previous])
        {
            T? content = TryLoad(copy, most, parse, out string? error);
            if (content is not null)
                return (content, Describe(troubles, "The record before it is used."));
            if (error is not null)
                (troubles ??= []).Add(SetAside(copy) + $": {error}.");
        }

        return (null, Describe(troubles, otherwise));
    }

    /// <param name="path">The file.</param>
    /// <param name="most">The maximum length in bytes.</param>
    /// <param name="parse">Parses the content.</param>
    /// <param name="error">What is wrong with the content; null if there is no file.</param>
    /// <exception cref="FreshetException">The disk cannot read it.</exception>
    private T? TryLoad<T>(FilePath path, int most, Parse<T> parse, out string? error)
        where T : class
    {
        try
        {
            if (!BoundedFile.TryRead(_system, path, most, out byte[]? bytes, out error))
                return null;
            return parse(bytes, out T? content, out error) ? content : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is in it may be intact, and would be lost if another took its place.
            throw new FreshetException(
                FreshetError.Storage,
                $"{path} cannot be read: {e.Message.TrimEnd('.')}. Nothing was changed. Try again when the disk can read it.",
                e);
        }
    }

    private string SetAside(FilePath path)
    {
        FilePath aside = path with { Name = path.Name + ".bad" };
        if (_isOnlyRead)
            return $"{path} cannot be used";
        try
        {
            _system.Rename(path, aside);
            return $"{aside} was set aside";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} is passed over";
        }
    }

    private FilePath PathOf(InfoHash infoHash, string suffix) => new(_folder, infoHash + suffix);

    private FilePath PathOfDht() => new(_folder, "dht");

    private FilePath PathOfSession() => new(_folder, "session");

    /// <summary>Parses the content of a file; if it is invalid, says why.</summary>
    private delegate bool Parse<T>(byte[] bytes, out T? content, out string? error)
        where T : class;

    /// <summary>A write to the folder, from its beginning to its end.</summary>
    private readonly ref struct Write : IDisposable
    {
        private readonly StateFolder _folder;

        /// <exception cref="ObjectDisposedException">The folder was released.</exception>
        public Write(StateFolder folder)
        {
            _folder = folder;
            lock (folder._gate)
            {
                ObjectDisposedException.ThrowIf(folder._isReleased, folder);
                folder._writes++;
            }
        }

        public void Dispose()
        {
            bool isLast;
            lock (_folder._gate)
                isLast = --_folder._writes == 0 && _folder._isReleased;
            if (isLast)
                _folder._lock?.Dispose();
        }
    }
}
