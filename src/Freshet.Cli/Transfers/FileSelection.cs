using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>Which files of a torrent the user wants.</summary>
internal static class FileSelection
{
    /// <summary>Priorities for <see cref="TorrentOptions.FilePriorities"/>; empty if all files are wanted.</summary>
    public static ImmutableArray<FilePriority> Choose(TorrentMetainfo metainfo, IReadOnlyList<GlobPattern> patterns)
    {
        if (patterns.Count == 0)
            return [];
        ImmutableArray<FilePriority> priorities =
            [.. metainfo.Files
                .Select(file => patterns.Any(pattern => IsMatch(pattern, metainfo, file)) ? FilePriority.Normal : FilePriority.Skip)];
        if (!priorities.Contains(FilePriority.Normal))
        {
            throw new CliException(
                $"No file of {metainfo.Name} matches {string.Join(" or ", patterns)}.",
                "'freshet info' shows the files. Put patterns into quotes, so that the shell leaves them alone.");
        }

        return priorities;
    }

    private static bool IsMatch(GlobPattern pattern, TorrentMetainfo metainfo, TorrentFile file)
    {
        if (file.IsPadding)
            return false;

        // Below the torrent's own folder, whose name nobody wants to type; or with it, as info shows it.
        string inside = metainfo.IsMultiFile ? file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..] : file.Path;
        return pattern.IsMatch(inside) || pattern.IsMatch(file.Path);
    }
}
