namespace Freshet.Daemon.Security;

/// <summary>Where paths lie once links are followed, as far as they exist.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Whether a path is a folder or lies in it. Both must be absolute.</summary>
    public static bool IsIn(string path, string folder) => Of(path) is { } real && Of(folder) is { } root && Contains(root, real);

    /// <summary>Whether one path is another or lies below it, by their text.</summary>
    public static bool Contains(string folder, string path) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Null if links lead in a circle.
    private static string? Of(string path)
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
