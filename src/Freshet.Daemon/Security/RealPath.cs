namespace Freshet.Daemon.Security;

/// <summary>Where paths lie once links are followed, as far as they exist.</summary>
internal static class RealPath
{
    /// <summary>Whether one path is another or lies below it, by their text.</summary>
    public static bool Contains(string folder, string path) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Where an absolute path lies; null if links lead in a circle. May block for as long as a disk does.</summary>
    public static string? Of(string path)
    {
        LinkWalk walk = new(path);
        while (walk.Next is not null)
            walk.Step();
        return walk.End;
    }
}
