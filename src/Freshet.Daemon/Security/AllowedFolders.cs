using System.Collections.Immutable;

namespace Freshet.Daemon.Security;

/// <summary>The folders that paths in requests must lie in, after resolving dots and following links, as far as the path exists.</summary>
internal sealed class AllowedFolders(IEnumerable<string> folders, IEnumerable<string> watched)
{
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
        if (!All.Any(folder => RealPath.Contains(folder, full)))
            return null;
        return All.Any(folder => RealPath.IsIn(full, folder)) ? full : null;
    }

    /// <summary>
    /// The same for a folder in which torrents store files: null also if a watch folder is in it, since a torrent could then add others.
    /// </summary>
    public string? ResolveForFiles(string path, string start) =>
        Resolve(path, start) is { } full && !watched.Any(folder => RealPath.IsIn(folder, full)) ? full : null;
}
