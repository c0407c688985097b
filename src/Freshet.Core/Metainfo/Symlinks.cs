namespace Freshet.Core.Metainfo;

/// <summary>
/// Decides which symbolic links of a torrent lead to one of its own files or folders, over other links if need be (BEP 47).
/// All others are refused: a link out of the download folder would let the next file be written there.
/// </summary>
internal sealed class Symlinks
{
    private readonly Dictionary<string, string> _renamed;
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private long _steps;

    /// <summary>Takes the present paths of files that were renamed, by those that the torrent has for them.</summary>
    public Symlinks(Dictionary<string, string> renamed) => _renamed = renamed;

    /// <summary>Adds a file that is no link.</summary>
    public void AddFile(string path)
    {
        _files.Add(path);
        AddFoldersOf(path);
    }

    /// <summary>Adds a link; its target need not be there.</summary>
    public void AddLink(string path, string target)
    {
        _links.TryAdd(path, target);
        AddFoldersOf(path);
    }

    /// <summary>
    /// Gives the present path of a target that is there in the end; null for one that is not, and for all that are left when
    /// <see cref="MetainfoLimits.MaxSymlinkSteps"/> are spent. Call it when all is added.
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

    /// <summary>Whoever has the name now is meant; only if nobody has it, the file that had to give it up.</summary>
    private string Present(string path) =>
        _files.Contains(path) || _folders.Contains(path) || _links.ContainsKey(path) ? path : _renamed.GetValueOrDefault(path, path);

    /// <summary>Replaces the first part of a path that is a link by what it points to.</summary>
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
