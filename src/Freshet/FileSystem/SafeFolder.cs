namespace Freshet.FileSystem;

/// <summary>
/// Tells whether a path below the download folder stays there when links are followed. Metainfo has removed what could lead out by
/// itself; what is left are links that lie in the folder already.
/// </summary>
/// <remarks>The folder itself may be, or lie behind, a link: that is the user's choice.</remarks>
internal sealed class SafeFolder(string folder)
{
    // As systems have it (ELOOP).
    private const int MaxLinks = 40;

    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>The full path of one below the folder.</summary>
    public string FullPathOf(string path) => Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Whether what a path leads to, existing or not, is within the folder.</summary>
    public bool Contains(string path) =>
        Resolve(Root) is { } root && Resolve(FullPathOf(path)) is { } target
        && target.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The path with every link replaced by what it points to, or null if links run in a circle.
    private static string? Resolve(string path)
    {
        string resolved = Path.GetPathRoot(path)!;
        Stack<string> rest = new(Elements(path).Reverse());
        int links = 0;
        while (rest.TryPop(out string? element))
        {
            if (element == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string next = Path.Combine(resolved, element);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
                return null;
            if (Path.IsPathRooted(target))
                resolved = Path.GetPathRoot(target)!;
            foreach (string part in Elements(target).Reverse())
                rest.Push(part);
        }

        return resolved;
    }

    private static IEnumerable<string> Elements(string path) =>
        path[Path.GetPathRoot(path)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(element => element != ".");
}
