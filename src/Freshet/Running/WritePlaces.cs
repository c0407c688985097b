namespace Freshet.Running;

/// <summary>
/// Which torrents of a session may write to their files, and where: from before a run looks at existing files until nothing is missing or
/// the run is over, whatever they wait for in between. No two may write to one path, so checking for a conflict and taking the paths is a
/// single step. Torrents are indexed by their topmost files and folders: those of 10,000 torrents differ, and a start looks only at
/// torrents that share its own. Thread-safe.
/// </summary>
internal sealed class WritePlaces
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TorrentActor, IReadOnlyCollection<string>> _writers = [];
    private readonly Dictionary<string, HashSet<TorrentActor>> _byTop = [];

    // Sorted, so that the paths below a folder follow it.
    private readonly SortedSet<string> _tops = new(StringComparer.Ordinal);

    /// <summary>Whether a torrent may write to its files.</summary>
    public bool Holds(TorrentActor torrent)
    {
        lock (_lock)
            return _writers.ContainsKey(torrent);
    }

    /// <summary>Lets a torrent write to its files; does nothing if it may already.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="files">Where its files are stored.</param>
    /// <param name="findConflict">Given the torrents that may write there now, returns why this one must not; null if it may.</param>
    /// <returns>The result of <paramref name="findConflict"/>.</returns>
    public string? TryTake(TorrentActor torrent, StoredFiles files, Func<IEnumerable<TorrentActor>, string?> findConflict)
    {
        lock (_lock)
        {
            if (_writers.ContainsKey(torrent))
                return null;
            string? conflict = findConflict(Meeting(files));
            if (conflict is null)
                Add(torrent, files);
            return conflict;
        }
    }

    /// <summary>The torrents that may write at the paths of these files, below them or above them.</summary>
    public IReadOnlyCollection<TorrentActor> WhoWritesAt(StoredFiles files)
    {
        lock (_lock)
            return [.. Meeting(files)];
    }

    /// <summary>A torrent's files were renamed.</summary>
    public void OnRenamed(TorrentActor torrent, StoredFiles files)
    {
        lock (_lock)
        {
            if (!_writers.ContainsKey(torrent))
                return;
            Remove(torrent);
            Add(torrent, files);
        }
    }

    /// <summary>A torrent writes nothing any more.</summary>
    public void GiveUp(TorrentActor torrent)
    {
        lock (_lock)
            Remove(torrent);
    }

    private HashSet<TorrentActor> Meeting(StoredFiles files)
    {
        HashSet<TorrentActor> found = [];
        foreach (string top in files.Tops())
        {
            for (string? above = top; !string.IsNullOrEmpty(above); above = Path.GetDirectoryName(above))
                AddAll(above);
            char separator = Path.DirectorySeparatorChar;
            foreach (string below in _tops.GetViewBetween(top + separator, top + (char)(separator + 1)))
                AddAll(below);
        }

        return found;

        void AddAll(string top)
        {
            if (_byTop.TryGetValue(top, out HashSet<TorrentActor>? there))
                found.UnionWith(there);
        }
    }

    private void Add(TorrentActor torrent, StoredFiles files)
    {
        IReadOnlyCollection<string> tops = files.Tops();
        _writers.Add(torrent, tops);
        foreach (string top in tops)
        {
            if (!_byTop.TryGetValue(top, out HashSet<TorrentActor>? there))
                _byTop[top] = there = [];
            there.Add(torrent);
            _tops.Add(top);
        }
    }

    private void Remove(TorrentActor torrent)
    {
        if (!_writers.Remove(torrent, out IReadOnlyCollection<string>? tops))
            return;
        foreach (string top in tops)
        {
            _byTop[top].Remove(torrent);
            if (_byTop[top].Count > 0)
                continue;
            _byTop.Remove(top);
            _tops.Remove(top);
        }
    }
}
