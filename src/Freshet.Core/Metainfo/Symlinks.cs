namespace Freshet.Core.Metainfo;

/// <summary>
/// Decides which symbolic links of a torrent lead to one of its own files or folders, possibly through other links (BEP 47). All others are
/// refused: through a link out of the output folder, the next file could be written there.
/// </summary>
internal sealed class Symlinks
{
    private readonly Dictionary<string, string> _renamed;
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private long _steps;

    /// <summary>Takes the current paths of renamed files, keyed by the torrent's paths.</summary>
    public Symlinks(Dictionary<string, string> renamed) => _renamed = renamed;

    /// <summary>Adds a file that is not a link.</summary>
    public void AddFile(string path)
    {
        _files.Add(path);
        AddFoldersOf(path);
    }

    /// <summary>Adds a link; its target need not exist.</summary>
    public void AddLink(string path, string target)
    {
        _links.TryAdd(path, target);
        AddFoldersOf(path);
    }

    /// <summary>
    /// Returns the current path of a target that exists in the end; null if it does not, and for all remaining links once
    /// <see cref="MetainfoLimits.MaxSymlinkSteps"/> are used up. To be called after everything has been added.
    /// </summary>
    public string? Resolve(string target)
    {
        string present = Present(target);
        string path = present;
        for (int hops = 0; hops < MetainfoLimits.MaxSymlinkHops && _steps < MetainfoLimits.MaxSymlinkSteps; hops++)
        {
            if (!TryFollow(path, out string next))
                return _files.Contains(path) || _folders.Contains(path) ? present : null;
            if (next.Length > MetainfoLimits.MaxPathBytes)
                return null;
            path = next;
        }

        return null;
    }

    /// <summary>The file that has the name now is meant; only if there is none, the file that had to give it up.</summary>
    private string Present(string path) =>
        _files.Contains(path) || _folders.Contains(path) || _links.ContainsKey(path) ? path : _renamed.GetValueOrDefault(path, path);

    /// <summary>Replaces the first part of a path that is a link by the link's target.</summary>
    private bool TryFollow(string path, out string next)
    {
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> links = _links.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int end = 0; end < path.Length;)
        {
            int slash = path.IndexOf('/', end);
            int length = slash < 0 ? path.Length : slash;
            _steps += length;
            if (links.TryGetValue(path.AsSpan(0, length), out string? target))
            {
                next = string.Concat(Present(target), path.AsSpan(length));
                return true;
            }

            end = length + 1;
        }

        next = path;
        return false;
    }

    private void AddFoldersOf(string path)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> folders = _folders.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> folder = path;
        while (folder.LastIndexOf('/') is int slash and >= 0)
        {
            folder = folder[..slash];
            if (!folders.Add(folder))
                return;
        }
    }
}
