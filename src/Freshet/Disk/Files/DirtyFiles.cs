using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// Which files were written by this run, or found as another run or program left them, and which folders got new entries, since the last
/// flush. Everything written before a flush began is durable after it succeeded; if it failed, all of it counts as dirty again. Only one
/// flush may run at a time: a second one that found nothing dirty would vouch for what the first has not made durable yet.
/// </summary>
/// <remarks>
/// An earlier run may have been killed before it flushed what it wrote, or the folders in which it created something. So what is found and
/// will be recorded is flushed as well and, once per run with a file, all folders that name it.
/// </remarks>
internal sealed class DirtyFiles
{
    private readonly object _gate = new();
    private readonly List<int> _closing = [];
    private readonly HashSet<FilePath> _settled = [];
    private HashSet<int> _files = [];
    private HashSet<int> _found = [];
    private HashSet<FilePath> _folders = [];
    private HashSet<int> _flushed = [];
    private StorageError? _failure;

    public void AddFile(int fileIndex)
    {
        lock (_gate)
            _files.Add(fileIndex);
    }

    /// <summary>A file will be recorded as it was found, whoever has written it.</summary>
    public void AddFound(int fileIndex)
    {
        lock (_gate)
            _found.Add(fileIndex);
    }

    /// <summary>Begins a run: what another run has done to the folders meanwhile need not be durable.</summary>
    public void BeginRun()
    {
        lock (_gate)
            _settled.Clear();
    }

    /// <summary>A folder got a new entry. Called after that: a flush meanwhile would have forgotten it.</summary>
    public void AddFolder(FilePath path)
    {
        lock (_gate)
            _folders.Add(path);
    }

    /// <summary>
    /// A file is about to be closed; returns whether it was written since the last flush. If so, it must be flushed first, since only then
    /// is an error certain to be reported, and <see cref="EndClosing"/> must be called.
    /// </summary>
    public bool TryBeginClosing(int fileIndex)
    {
        lock (_gate)
        {
            if (!_files.Contains(fileIndex))
                return false;
            _closing.Add(fileIndex);
            return true;
        }
    }

    /// <summary>A file was flushed in order to be closed.</summary>
    /// <param name="fileIndex">The file's index.</param>
    /// <param name="error">
    /// Why its data may be lost, which makes the next flush fail, because it cannot vouch for it. Null if it is safe.
    /// </param>
    public void EndClosing(int fileIndex, StorageError? error)
    {
        lock (_gate)
        {
            _failure ??= error;
            _closing.Remove(fileIndex);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Makes everything durable, files before the folders that name them.</summary>
    public StorageError? Flush(TorrentFiles files)
    {
        Batch batch;
        StorageError? first;
        lock (_gate)
        {
            batch = new Batch(_files, _found, _folders);
            (_files, _found, _folders) = ([], [], []);
            (first, _failure) = (_failure, null);
        }

        foreach (int file in batch.Written)
            first ??= files.Flush(file, isWritten: true);
        foreach (int file in batch.Found)
            first ??= batch.Written.Contains(file) ? null : files.Flush(file, isWritten: false);
        foreach (FilePath folder in batch.Folders)
            first ??= files.FlushFolder(folder);
        return End(batch, first ?? FlushParents(batch, files));
    }

    /// <summary>The files written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed()
    {
        lock (_gate)
        {
            HashSet<int> taken = _flushed;
            _flushed = [];
            return taken;
        }
    }

    private StorageError? FlushParents(Batch batch, TorrentFiles files)
    {
        foreach (FilePath folder in batch.Written.Concat(batch.Found).SelectMany(files.FoldersOf))
        {
            lock (_gate)
            {
                if (batch.Folders.Contains(folder) || _settled.Contains(folder))
                    continue;
            }

            // We cannot have created anything in a folder that this user may not access.
            if (files.FlushFolder(folder) is { Kind: not StorageErrorKind.PermissionDenied } error)
                return error;
            lock (_gate)
                _settled.Add(folder);
        }

        return null;
    }

    private StorageError? End(Batch batch, StorageError? error)
    {
        lock (_gate)
        {
            // Of two flushes of a file, the one before its closing may be the one that gets the error.
            while (error is null && _closing.Exists(batch.Written.Contains))
                Monitor.Wait(_gate);
            error ??= _failure;
            _failure = null;
            if (error is null)
            {
                // Files that were only found were not written by us: their recorded stamp must not be renewed.
                _flushed.UnionWith(batch.Written);
                return null;
            }

            _files.UnionWith(batch.Written);
            _found.UnionWith(batch.Found);
            _folders.UnionWith(batch.Folders);
            return error;
        }
    }

    /// <summary>What one flush makes durable.</summary>
    private sealed record Batch(HashSet<int> Written, HashSet<int> Found, HashSet<FilePath> Folders);
}
