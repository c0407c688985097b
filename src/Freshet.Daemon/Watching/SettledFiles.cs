namespace Freshet.Daemon.Watching;

/// <summary>
/// Determines which files of a folder have not changed for a while; a file that still changes is being copied. Pure: it is given the files
/// and the time.
/// </summary>
internal sealed class SettledFiles(TimeSpan settle, TimeSpan patience)
{
    private Dictionary<string, Seen> _seen = [];

    /// <summary>Takes the current files; returns those that have settled and are not finished, ordered by name.</summary>
    public IReadOnlyList<SettledFile> Update(IEnumerable<FoundFile> files, DateTimeOffset now)
    {
        Dictionary<string, Seen> seen = [];
        foreach (FoundFile file in files)
        {
            bool isSame = _seen.TryGetValue(file.Name, out Seen? before) && before.File == file;
            seen[file.Name] = isSame ? before! : new Seen(file, now);
        }

        _seen = seen;
        return
        [
            .. seen.Values
                .Where(entry => !entry.IsFinished && now - entry.Since >= settle)
                .Select(entry => new SettledFile(entry.File.Name, now - entry.Since >= patience))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>A file that could not be moved away is not tried again until it changes.</summary>
    public void Finish(string name)
    {
        if (_seen.TryGetValue(name, out Seen? entry))
            _seen[name] = entry with { IsFinished = true };
    }

    private sealed record Seen(FoundFile File, DateTimeOffset Since)
    {
        public bool IsFinished { get; init; }
    }
}
