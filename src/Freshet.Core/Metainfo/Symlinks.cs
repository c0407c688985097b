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

    /// <summary>Takes the paths by which the torrent knew the files that were renamed.</summary>
    public Symlinks(Dictionary<string, string> renamed) => _renamed = renamed;

    /// <summary>Adds a file that is no link.</summary>
    public void AddFile(string path)
    {
        _files.Add(path);
        AddFoldersOf(path);
    }

    /// <summary>Adds a link, its target safe but perhaps not there. Gives the target by its present name.</summary>
    public string AddLink(string path, string target)
    {
        string present = _renamed.GetValueOrDefault(target, target);
        _links.TryAdd(path, present);
        AddFoldersOf(path);
        return present;
    }

    /// <summary>Whether a target is there in the end.</summary>
    public bool Resolves(string target)
    {
        for (int hops = 0; hops < Limits.MaxSymlinkHops; hops++)
        {
            if (!TryFollow(target, out string next))
                return _files.Contains(target) || _folders.Contains(target);
            if (next.Length > Limits.MaxPathBytes)
                return false;
            target = next;
        }

        return false;
    }

    /// <summary>Replaces the first part of a path that is a link by what it points to.</summary>
    private bool TryFollow(string path, out string next)
    {
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> links = _links.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int end = 0; end < path.Length;)
        {
            int slash = path.IndexOf('/', end);
            int length = slash < 0 ? path.Length : slash;
            if (links.TryGetValue(path.AsSpan(0, length), out string? target))
            {
                next = string.Concat(target, path.AsSpan(length));
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
