using System.Collections.Immutable;

namespace Freshet.Daemon.Security;

/// <summary>The folders that paths in requests must lie in, after resolving dots and following links, as far as the path exists.</summary>
internal sealed class AllowedFolders(IEnumerable<string> folders)
{
    private const int MostLinks = 40;

    /// <summary>The absolute paths, as configured.</summary>
    public ImmutableArray<string> All { get; } =
        [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct()];

    /// <summary>The absolute path, or null if it is invalid or not allowed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="start">The folder that a relative path starts from.</param>
    public string? Resolve(string path, string start)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            return null;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, Path.GetFullPath(start)));
        if (!All.Any(folder => Contains(folder, full)))
            return null;
        return RealPathOf(full) is { } real && All.Any(folder => RealPathOf(folder) is { } root && Contains(root, real)) ? full : null;
    }

    private static bool Contains(string folder, string path) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Null if links lead in a circle.
    private static string? RealPathOf(string path)
    {
        Stack<string> left = new(Elements(path).Reverse());
        string done = Path.GetPathRoot(path)!;
        int links = 0;
        while (left.TryPop(out string? element))
        {
            if (element == "..")
            {
                done = Path.GetDirectoryName(done) ?? done;
                continue;
            }

            string next = Path.Combine(done, element);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
                return null;
            foreach (string part in Elements(target).Reverse())
                left.Push(part);
            if (Path.IsPathRooted(target))
                done = Path.GetPathRoot(target)!;
        }

        return done;
    }

    private static IEnumerable<string> Elements(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(element => element != ".");
}
