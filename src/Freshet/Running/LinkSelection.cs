using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Running;

/// <summary>The files that a magnet link selects (<c>so</c>, BEP 53), applied once the torrent's files are known.</summary>
internal static class LinkSelection
{
    /// <summary>
    /// The options of a torrent that was added by a link. The user's own choice takes precedence; a link that selects none of the torrent's
    /// files is treated as one without a selection.
    /// </summary>
    public static TorrentOptions Apply(TorrentOptions options, MagnetLink? link, TorrentMetainfo metainfo)
    {
        if (link is not { SelectedFiles.IsEmpty: false } || !options.FilePriorities.IsEmpty || !options.OnlyPieces.IsEmpty)
            return options;
        ImmutableArray<FilePriority> priorities =
            [.. metainfo.Files.Select(file => IsSelected(link.SelectedFiles, file.Index) ? FilePriority.Normal : FilePriority.Skip)];
        return priorities.Contains(FilePriority.Normal) ? options with { FilePriorities = priorities } : options;
    }

    private static bool IsSelected(ImmutableArray<FileRange> ranges, int file)
    {
        foreach (FileRange range in ranges)
        {
            if (range.Contains(file))
                return true;
        }

        return false;
    }
}
