using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Streaming;

/// <summary>The file of a torrent that is streamed: the one given by the user, otherwise the largest.</summary>
/// <param name="pattern">The user's pattern; null for none.</param>
internal sealed class StreamChoice(GlobPattern? pattern)
{
    /// <exception cref="CliException">None matches, or several do.</exception>
    public TorrentFile FileOf(TorrentMetainfo metainfo)
    {
        TorrentFile[] files = [.. metainfo.Files.Where(file =>
            !file.IsPadding && file.Length > 0 && (file.Traits & FileTraits.Symlink) == 0 && IsMatch(metainfo, file))];
        return files switch
        {
            [] => throw new CliException(
                pattern is null ? $"{metainfo.Name} has no file with any bytes." : $"No file of {metainfo.Name} matches {pattern}.",
                "'freshet info' shows the files."),
            [var only] => only,
            _ when pattern is null => files.MaxBy(static file => file.Length)!,
            _ => throw new CliException(
                $"{files.Length} files of {metainfo.Name} match {pattern}; the first are {files[0].Path} and {files[1].Path}.",
                "Name one of them."),
        };
    }

    /// <summary>Skips all other files.</summary>
    public ImmutableArray<FilePriority> PrioritiesOf(TorrentMetainfo metainfo)
    {
        TorrentFile chosen = FileOf(metainfo);
        return [.. metainfo.Files.Select(file => file.Index == chosen.Index ? FilePriority.Normal : FilePriority.Skip)];
    }

    private bool IsMatch(TorrentMetainfo metainfo, TorrentFile file)
    {
        if (pattern is null)
            return true;
        string inside = metainfo.IsMultiFile ? file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..] : file.Path;
        return pattern.IsMatch(inside) || pattern.IsMatch(file.Path);
    }
}
