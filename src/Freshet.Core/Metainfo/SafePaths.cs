namespace Freshet.Core.Metainfo;

/// <summary>
/// Gives the files of a torrent paths that can all exist at once: no two equal on any file system, none the folder of another.
/// A path that has to give way gets a number, <c>film.1.mkv</c>; which one, depends on the torrent alone. The work is
/// proportional to the paths' length.
/// </summary>
internal sealed class SafePaths
{
    private readonly HashSet<string> _taken;
    private readonly HashSet<string> _folders;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _foldersBySpan;
    private readonly Dictionary<string, int> _numbers = new(PathComparer.Instance);

    private SafePaths(int count)
    {
        _taken = new HashSet<string>(count, PathComparer.Instance);
        _folders = new HashSet<string>(PathComparer.Instance);
        _foldersBySpan = _folders.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Renames what collides, in place. The paths' elements are safe already; what is null is no file.</summary>
    /// <returns>The indices of those renamed, ascending.</returns>
    public static List<int> MakeUnique(Span<string?> paths)
    {
        var safe = new SafePaths(paths.Length);
        foreach (string? path in paths)
            safe.AddFoldersOf(path);

        // All names are taken before any is given, so that no renamed file displaces one that was fine.
        var colliding = new List<int>();
        for (int i = 0; i < paths.Length; i++)
        {
            if (paths[i] is string path && (safe._folders.Contains(path) || !safe._taken.Add(path)))
                colliding.Add(i);
        }

        foreach (int i in colliding)
            paths[i] = safe.Rename(paths[i]!);
        return colliding;
    }

    private void AddFoldersOf(string? path)
    {
        ReadOnlySpan<char> folder = path;
        while (folder.LastIndexOf('/') is int slash and >= 0)
        {
            folder = folder[..slash];
            // The folders above a known one are known.
            if (!_foldersBySpan.Add(folder))
                return;
        }
    }

    private string Rename(string path)
    {
        int element = path.LastIndexOf('/') + 1;
        _numbers.TryGetValue(path, out int number);
        while (true)
        {
            number++;
            string candidate = string.Concat(path.AsSpan(0, element), PathElement.WithNumber(path.AsSpan(element), number));
            if (_folders.Contains(candidate) || !_taken.Add(candidate))
                continue;
            _numbers[path] = number;
            return candidate;
        }
    }
}
