namespace Freshet.Core.Metainfo;

/// <summary>
/// Assigns paths to the files of a torrent that can all exist at once: no two are equal on the target file system, and none is the folder
/// of another. A conflicting path gets a number, <c>film.1.mkv</c>; which path gets one depends only on the torrent.
/// </summary>
/// <remarks>
/// The work is proportional to the length of the paths, whoever chose the names. Numbers are counted per family: the paths whose numbered
/// names are the same except for the number. Names that are cut to 255 bytes may differ and still belong to one family, and the family
/// changes with the number of digits, since a longer number cuts more. So each name is tried once in a family, and no name belongs to more
/// than two.
/// </remarks>
internal sealed class SafePaths
{
    private readonly HashSet<string> _taken;
    private readonly HashSet<string> _folders;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _foldersBySpan;
    private readonly Dictionary<string, int> _numbers;

    public SafePaths(PathRules rules)
    {
        IEqualityComparer<string> comparer = rules == PathRules.Posix ? StringComparer.Ordinal : PathComparer.Instance;
        _taken = new HashSet<string>(comparer);
        _folders = new HashSet<string>(comparer);
        _foldersBySpan = _folders.GetAlternateLookup<ReadOnlySpan<char>>();
        _numbers = new Dictionary<string, int>(comparer);
    }

    /// <summary>The number of names tried for files with conflicts.</summary>
    public long Tries { get; private set; }

    /// <summary>Renames conflicting paths in place. The elements of the paths are already safe; null entries are not files.</summary>
    /// <returns>The indices of the renamed paths, ascending.</returns>
    public List<int> MakeUnique(Span<string?> paths)
    {
        foreach (string? path in paths)
            AddFoldersOf(path);

        // All original names are registered first, so that no renamed file displaces one without a conflict.
        _taken.EnsureCapacity(paths.Length);
        var colliding = new List<int>();
        for (int i = 0; i < paths.Length; i++)
        {
            if (paths[i] is string path && (_folders.Contains(path) || !_taken.Add(path)))
                colliding.Add(i);
        }

        foreach (int i in colliding)
            paths[i] = Rename(paths[i]!);
        return colliding;
    }

    private void AddFoldersOf(string? path)
    {
        ReadOnlySpan<char> folder = path;
        while (folder.LastIndexOf('/') is int slash and >= 0)
        {
            folder = folder[..slash];
            // The parents of a known folder are known.
            if (!_foldersBySpan.Add(folder))
                return;
        }
    }

    private string Rename(string path)
    {
        int element = path.LastIndexOf('/') + 1;
        for (int first = 1; ; first *= 10)
        {
            string family = Numbered(path, element, first);
            int number = Math.Max(_numbers.GetValueOrDefault(family), first);
            for (; number < first * 10; number++)
            {
                string candidate = Numbered(path, element, number);
                Tries++;
                if (_folders.Contains(candidate) || !_taken.Add(candidate))
                    continue;
                _numbers[family] = number + 1;
                return candidate;
            }

            _numbers[family] = number;
        }
    }

    private static string Numbered(string path, int element, int number) =>
        string.Concat(path.AsSpan(0, element), PathElement.WithNumber(path.AsSpan(element), number));
}
