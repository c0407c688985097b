using Freshet.Core;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A session's memory on disk (<c>docs/state.md</c>): <c>HASH.torrent</c>, <c>HASH.magnet</c> or both, and <c>HASH.resume</c> for each
/// torrent, and <c>session</c> for itself. What cannot be understood is set aside as <c>.bad</c> and never overwritten in silence.
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

    /// <param name="folder">The folder.</param>
    /// <param name="system">The files; null for the system's.</param>
    /// <param name="isOnlyRead">Whether nothing is changed: what cannot be understood stays where it is.</param>
    /// <exception cref="FreshetException">The folder cannot be made.</exception>
    public StateFolder(string folder, IFileSystem? system = null, bool isOnlyRead = false)
    {
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

    /// <summary>Whether the folder is held for this session alone.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Takes the folder until disposed.</summary>
    /// <param name="isShared">Whether others may use it too, each claiming its torrents.</param>
    /// <exception cref="FreshetException">Another session has it, or it cannot be written.</exception>
    public void Lock(bool isShared)
    {
        _lock = StateLock.Take(_system, _folder, isShared);
        IsAlone = !isShared;
    }

    /// <summary>
    /// Claims a torrent for this process until disposed, so that two processes never write the same record or the same files. Needless
    /// where the folder is held alone.
    /// </summary>
    /// <param name="infoHash">Which.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <returns>The claim; without the record if another process has the torrent in another folder.</returns>
    /// <exception cref="FreshetException">Another process has it in this folder, or perhaps does.</exception>
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

    /// <summary>Makes calls that write here, or flush, on a thread that may wait for the disk.</summary>
    public Task RunAsync(Action call) => _calls.RunAsync(this, () =>
    {
        call();
        return true;
    });

    /// <summary>The torrents that are kept here, by their names. Each is there once.</summary>
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

    /// <summary>The link by which a torrent was added; null if there is none that can be understood, and then the words why.</summary>
    public (MagnetLink? Link, string? Warning) LoadLink(InfoHash infoHash) => Load(
        PathOf(infoHash, LinkSuffix),
        LinkFile.MaxLength,
        (byte[] bytes, out MagnetLink? link, out string? error) => LinkFile.TryRead(bytes, infoHash, out link, out error),
        otherwise: "Add the torrent again.");

    /// <summary>The .torrent of one that is kept here.</summary>
    public StoredTorrent TorrentOf(InfoHash infoHash) => new(_system, PathOf(infoHash, TorrentSuffix), infoHash);

    public void SaveResume(TorrentRecord record)
    {
        using Write write = new(this);
        Replace(PathOf(record.InfoHash, ResumeSuffix), ResumeCodec.Write(record));
    }

    /// <inheritdoc cref="LoadResume(InfoHash, TorrentMetainfo?)"/>
    public (TorrentRecord? Record, string? Warning) LoadResume(TorrentMetainfo metainfo) => LoadResume(metainfo.SwarmHash, metainfo);

    /// <summary>What an earlier run recorded, or null if it recorded nothing that can be understood; then the words why, if any.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="metainfo">What it holds; null if that is not known, and so nothing of its data either.</param>
    public (TorrentRecord? Record, string? Warning) LoadResume(InfoHash infoHash, TorrentMetainfo? metainfo) => Load(
        PathOf(infoHash, ResumeSuffix),
        Limits.MaxResumeLength,
        (byte[] bytes, out TorrentRecord? record, out string? error) =>
            ResumeCodec.TryRead(bytes, infoHash, metainfo, out record, out error),
        otherwise: "The data will be checked.");

    /// <summary>What <see cref="SessionClock"/> showed when it was saved last; nothing if that is not known.</summary>
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

    /// <summary>What was known of the DHT; nothing if that is not to be had, since it can be found anew.</summary>
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
    /// Forgets a torrent that is claimed, durably: the torrent's files may be deleted next, and a record that came back would miss them.
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
    /// Releases the folder: nothing is written any more. A write that hangs keeps it until it ends, so that no other session meets it.
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

    /// <summary>Its path.</summary>
    public override string ToString() => _folder;

    private static string? Describe(List<string>? troubles, string consequence) =>
        troubles is null ? null : string.Join(' ', troubles) + " " + consequence;

    // Whoever cannot record something tells its user, so the trouble goes up in words.
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
        return name.EndsWith(suffix, StringComparison.Ordinal) && InfoHash.TryParseHex(name[..^suffix.Length], out infoHash);
    }

    /// <summary>Reads a file, or the one before it; sets aside what cannot be understood.</summary>
    private (T? Content, string? Warning) Load<T>(FilePath path, int most, Parse<T> parse, string otherwise)
        where T : class
    {
        List<string>? troubles = null;
        foreach (FilePath copy in (ReadOnlySpan<FilePath>)[path, new AtomicFile(_system, path).Previous])
        {
            T? content = TryLoad(copy, most, parse, out string? error, out bool isDiskError);
            if (content is not null)
                return (content, Describe(troubles, "The record before it is used."));
            if (error is not null)
                (troubles ??= []).Add(isDiskError ? $"{copy} cannot be read: {error!.TrimEnd('.')}." : SetAside(copy) + $": {error}.");
        }

        return (null, Describe(troubles, otherwise));
    }

    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="parse">Reads what is in it.</param>
    /// <param name="error">Why there is none; null if there is no file.</param>
    /// <param name="isDiskError">Whether the disk is to blame, and not what the file holds.</param>
    private T? TryLoad<T>(FilePath path, int most, Parse<T> parse, out string? error, out bool isDiskError)
        where T : class
    {
        isDiskError = false;
        try
        {
            if (!BoundedFile.TryRead(_system, path, most, out byte[]? bytes, out error))
                return null;
            return parse(bytes, out T? content, out error) ? content : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            isDiskError = true;
            return null;
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

    /// <summary>Reads what a file holds; if it cannot be understood, says why.</summary>
    private delegate bool Parse<T>(byte[] bytes, out T? content, out string? error)
        where T : class;

    /// <summary>Something that writes here, from its beginning to its end.</summary>
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
