using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Configuration;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Watching;

/// <summary>
/// Adds torrent files dropped into a folder. A file is moved to <c>added</c> once the session has the torrent, or to <c>failed</c>, next to
/// a .txt with the reason. Links and folders are skipped: a torrent's own files must not be mistaken for what a user drops.
/// </summary>
internal sealed class FolderWatcher(WatchFolder folder, Session session, LogBook log, Func<string?> incompleteFolder)
{
    private const string NoAnswer = "its disk does not respond.";

    /// <summary>How long a file must be unchanged before it is read.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>How long a file must be unchanged before it is considered complete.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SettledFiles _files = new(Settle, Patience);
    private string? _trouble;

    // Files that wait until their disk, or ours, works again, and why.
    private readonly Dictionary<string, string> _waiting = new(StringComparer.Ordinal);

    /// <summary>How long its disk may be silent before that is logged.</summary>
    public TimeSpan DiskPatience { get; init; } = Bounds.WatchPatience;

    /// <summary>Makes the folder if it is missing. May block for as long as its disk does.</summary>
    public Action<string> Open { get; init; } = static path => Directory.CreateDirectory(path);

    /// <summary>Receives why the folder cannot be read, and null once it can.</summary>
    public Action<string?> Report { get; init; } = static _ => { };

    /// <summary>Adds a torrent to the session.</summary>
    public Func<TorrentSource, TorrentOptions, CancellationToken, Task<Torrent>> AddAsync { get; init; } = session.AddAsync;

    /// <summary>Opens a file to be read.</summary>
    public Func<string, FileStream> OpenFile { get; init; } = OpenToRead;

    /// <summary>Opens a file that others may still be writing.</summary>
    public static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Scans once. Errors are logged; the next scan may find that they are over.</summary>
    public async Task ScanAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            List<FoundFile> found = await OnDiskAsync(Find, cancellationToken).ConfigureAwait(false);
            if (_trouble is not null)
            {
                // Before the log, at whose entry clients ask again.
                Report(WaitingInWords);
                log.Add(LogLevelCode.Info, "watch-folder", $"The watch folder {folder.Path} can be read again.");
            }

            _trouble = null;
            Forget(found);
            foreach (SettledFile file in _files.Update(found, now))
                await TryAddAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException))
        {
            // Whatever it is: the folder is looked at again.
            OnTrouble(e.Message);
        }
    }

    private string? WaitingInWords => _waiting.Count == 0 ? null : string.Join(" ", _waiting.Values);

    // Whether it was added, or its user took it away: what is gone does not wait.
    private void Forget(IEnumerable<FoundFile> found)
    {
        string[] gone = [.. _waiting.Keys.Except(found.Select(file => file.Name))];
        foreach (string name in gone)
            _waiting.Remove(name);
        if (gone.Length > 0)
            Report(WaitingInWords);
    }

    private void Wait(string name, Exception e)
    {
        string words = $"{Path.Combine(folder.Path, name)} waits: {e.Message}";
        if (_waiting.GetValueOrDefault(name) == words)
            return;
        _waiting[name] = words;
        Report(WaitingInWords);
        log.Add(LogLevelCode.Warning, "watch-folder", words);
    }

    private void OnTrouble(string trouble)
    {
        if (_trouble == trouble)
            return;
        _trouble = trouble;
        string message = $"The watch folder {folder.Path} cannot be read: {trouble}";
        Report(message);
        log.Add(LogLevelCode.Error, "watch-folder", message);
    }

    // A disk that does not respond holds one thread, and none of the pool, until it does; and no stop.
    private async Task<T> OnDiskAsync<T>(Func<T> act, CancellationToken cancellationToken)
    {
        Task<T> acting = DiskLooks.OnThreadAsync(act);
        try
        {
            return await acting.WaitAsync(DiskPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            OnTrouble(NoAnswer);
            return await acting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private List<FoundFile> Find()
    {
        Open(folder.Path);
        EnumerationOptions visible = new()
        {
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return
        [
            .. new DirectoryInfo(folder.Path).EnumerateFiles("*", visible)
                .Where(file => LengthLimitOf(file.Name) > 0)
                .Take(Bounds.MaxWatchedFiles)
                .Select(file => new FoundFile(file.Name, file.Length, file.LastWriteTimeUtc)),
        ];
    }

    private async Task TryAddAsync(SettledFile file, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder.Path, file.Name);
        try
        {
            TorrentSource source = await OnDiskAsync(() => Read(path, file.IsFinal), cancellationToken).ConfigureAwait(false);
            TorrentOptions options = WatchRules.OptionsOf(folder) with { IncompleteFolder = incompleteFolder() };
            Torrent torrent = await AddAsync(source, options, cancellationToken).ConfigureAwait(false);
            log.Add(LogLevelCode.Info, "watch-folder", $"{torrent.Name}: Added from {path}", torrent.InfoHash.ToString());
            await MoveAwayAsync(file.Name, "added", reason: null, cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e) when (e.Error == FreshetError.TorrentExists)
        {
            log.Add(LogLevelCode.Info, "watch-folder", $"{path}: {e.Message}");
            await MoveAwayAsync(file.Name, "added", reason: null, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            // The user has removed the file again.
        }
        catch (Exception e) when (!file.IsFinal && e is FreshetException { Error: FreshetError.Malformed } or UnauthorizedAccessException)
        {
            // The rest of the file may still arrive, and so may the permission to read it, which some programs set last.
        }
        catch (Exception e) when (e is IOException or FreshetException { Error: FreshetError.Storage })
        {
            // A full disk, or a network disk that is away, says nothing about the file.
            Wait(file.Name, e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException))
        {
            log.Add(LogLevelCode.Warning, "watch-folder", $"{path} was not added: {e.Message}");
            await MoveAwayAsync(file.Name, "failed", e.Message, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="FreshetException">The file is not a torrent, or not a complete one.</exception>
    private TorrentSource Read(string path, bool isFinal)
    {
        string name = Path.GetFileName(path);
        int limit = LengthLimitOf(name);
        if (new FileInfo(path).Length == 0)
        {
            // Perhaps a pipe, whose opening would wait for a writer.
            throw new FreshetException(FreshetError.Malformed, $"{name} is empty.");
        }

        ReadOnlyMemory<byte> bytes = Read(path, limit)
            ?? throw new FreshetException(FreshetError.Malformed, $"{name} has more than {limit} bytes.");
        if (limit == Bounds.MaxLargeBody)
        {
            return MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error)
                ? TorrentSource.Metainfo(metainfo)
                : throw new FreshetException(FreshetError.Malformed, $"{name} is not a .torrent file: {error.Message}.");
        }

        // Any beginning of a magnet link may be one: only the end of the line says that its trackers are there too.
        string line = System.Text.Encoding.UTF8.GetString(bytes.Span);
        if (!isFinal && !line.EndsWith('\n'))
            throw new FreshetException(FreshetError.Malformed, $"{name} has no end of line.");
        string text = line.Trim();
        return MagnetLink.TryParse(text, out MagnetLink? link, out string? wrong)
            ? TorrentSource.Magnet(link)
            : throw new FreshetException(FreshetError.Malformed, $"{name} has no magnet link: {wrong}.");
    }

    // Null if there is more than the limit; it may still grow.
    private ReadOnlyMemory<byte>? Read(string path, int limit)
    {
        using FileStream file = OpenFile(path);
        byte[] bytes = new byte[Math.Min(limit, file.Length) + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == bytes.Length)
            return null;
        return bytes.AsMemory(0, length);
    }

    private static int LengthLimitOf(string name) =>
        name.EndsWith(".torrent", StringComparison.OrdinalIgnoreCase) ? Bounds.MaxLargeBody
        : name.EndsWith(".magnet", StringComparison.OrdinalIgnoreCase) ? Bounds.MaxBody
        : 0;

    /// <summary>Moves a file, which is ignored until it changes if that is not possible, and writes the reason next to it.</summary>
    private async Task MoveAwayAsync(string name, string to, string? reason, CancellationToken cancellationToken)
    {
        string target = Path.Combine(folder.Path, to);
        string moved;
        try
        {
            moved = await OnDiskAsync(() => Move(name, target), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _files.Finish(name);
            log.Add(LogLevelCode.Warning, "watch-folder", $"{name} cannot be moved to {target}: {e.Message}");
            return;
        }

        if (reason is not null)
            await WriteReasonAsync(moved + ".txt", reason, cancellationToken).ConfigureAwait(false);
    }

    private string Move(string name, string target)
    {
        const int MostNames = 1_000;
        Directory.CreateDirectory(target);
        for (int i = 1; i <= MostNames; i++)
        {
            string path = Path.Combine(
                target, i == 1 ? name : $"{Path.GetFileNameWithoutExtension(name)} ({i}){Path.GetExtension(name)}");
            if (File.Exists(path))
                continue;
            File.Move(Path.Combine(folder.Path, name), path);
            return path;
        }

        throw new IOException($"{target} has {MostNames} files of that name");
    }

    private async Task WriteReasonAsync(string path, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await OnDiskAsync(
                () =>
                {
                    File.WriteAllText(path, reason + "\n");
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Add(LogLevelCode.Warning, "watch-folder", $"{path} cannot be written: {e.Message}");
        }
    }
}
