using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>Which files of a torrent the user wants.</summary>
internal static class FileSelection
{
    /// <summary>Priorities for <see cref="TorrentOptions.FilePriorities"/>.</summary>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="only">If not empty, files that match none of these are not wanted.</param>
    /// <param name="rules">Applied after that; the last rule that matches a file decides.</param>
    /// <exception cref="CliException">No file would be wanted.</exception>
    public static ImmutableArray<FilePriority> Choose(
        TorrentMetainfo metainfo, IReadOnlyList<GlobPattern> only, IReadOnlyList<FileRule> rules)
    {
        ImmutableArray<FilePriority> priorities = [.. metainfo.Files.Select(file => PriorityOf(metainfo, file, only, rules))];
        if (metainfo.Files.Any(file => !file.IsPadding && priorities[file.Index] != FilePriority.Skip))
            return priorities;
        throw new CliException(
            only.Count > 0 && rules.Count == 0
                ? $"No file of {metainfo.Name} matches {string.Join(" or ", only)}."
                : $"No file of {metainfo.Name} is wanted by --files and --priority.",
            "'freshet info' shows the files. Put patterns into quotes, so that the shell leaves them alone.");
    }

    private static FilePriority PriorityOf(
        TorrentMetainfo metainfo, TorrentFile file, IReadOnlyList<GlobPattern> only, IReadOnlyList<FileRule> rules)
    {
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            if (IsMatch(rules[i].Pattern, metainfo, file))
                return rules[i].Priority;
        }

        return only.Count == 0 || only.Any(pattern => IsMatch(pattern, metainfo, file)) ? FilePriority.Normal : FilePriority.Skip;
    }

    private static bool IsMatch(GlobPattern pattern, TorrentMetainfo metainfo, TorrentFile file)
    {
        if (file.IsPadding)
            return false;

        // Matched below the torrent's own folder, whose name nobody wants to type, or including it, as info shows it.
        string inside = metainfo.IsMultiFile ? file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..] : file.Path;
        return pattern.IsMatch(inside) || pattern.IsMatch(file.Path);
    }
}
