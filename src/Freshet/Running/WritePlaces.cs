namespace Freshet.Running;

/// <summary>
/// Which torrents of a session may write their files: from before a run looks at what is there until nothing is missing, or the run is
/// over, whatever they wait for in between. No two may write one path, so that looking for a conflict and taking the place are one step.
/// Safe to use from any thread.
/// </summary>
internal sealed class WritePlaces
{
    private readonly Lock _lock = new();
    private readonly HashSet<TorrentActor> _writers = [];

    /// <summary>Whether a torrent may write its files.</summary>
    public bool Holds(TorrentActor torrent)
    {
        lock (_lock)
            return _writers.Contains(torrent);
    }

    /// <summary>Lets a torrent write its files; it may do so already.</summary>
    /// <param name="torrent">Which.</param>
    /// <param name="findConflict">Says why it must not, by who may write now; null if it may.</param>
    /// <returns>What was found.</returns>
    public string? TryTake(TorrentActor torrent, Func<string?> findConflict)
    {
        lock (_lock)
        {
            string? conflict = _writers.Contains(torrent) ? null : findConflict();
            if (conflict is null)
                _writers.Add(torrent);
            return conflict;
        }
    }

    /// <summary>A torrent writes nothing any more.</summary>
    public void GiveUp(TorrentActor torrent)
    {
        lock (_lock)
            _writers.Remove(torrent);
    }
}
