using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>The options that say where files may be found under other names, and how they come to their own.</summary>
internal sealed class FindOptions
{
    private const string CutShort =
        "The search for files under other names ended early: too many files have the right length. Name fewer folders to find more.";

    private readonly Option<DirectoryInfo[]> _findIn = new("--find-in")
    {
        Description = "Look here, too, for files under other names, by length and hash; repeatable.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<FilePlacing> _findAs = new("--find-as")
    {
        Description = "Whether found files are copied (without taking space, where the file system can) or linked; copied by default.",
        HelpName = "copy|link",
        DefaultValueFactory = static _ => FilePlacing.Copy,
        CustomParser = Read,
    };

    public void AddTo(Command command)
    {
        _findAs.CompletionSources.Add("copy", "link");
        command.Add(_findIn);
        command.Add(_findAs);
    }

    /// <summary>Whether the user wants files to be looked for.</summary>
    public bool IsWanted(ParseResult parsed) => parsed.GetValue(_findIn) is { Length: > 0 };

    /// <summary>Gives the files of a torrent that are found elsewhere their names in its folder.</summary>
    /// <returns>The torrent, with options under which nothing is written to linked files, but to copies of damaged ones.</returns>
    public async Task<PlannedTransfer> FindAsync(
        ParseResult parsed,
        PlannedTransfer planned,
        SessionOptions session,
        ITransferReporter reporter,
        CancellationToken cancellationToken)
    {
        if (!IsWanted(parsed) || planned.Metainfo is not { } metainfo)
            return planned;
        List<string> folders = [.. parsed.GetValue(_findIn)!.Select(folder => folder.FullName)];
        folders.AddRange(await FoldersOfSimilarAsync(metainfo, session.StateFolder, cancellationToken).ConfigureAwait(false));
        FilePlacing placing = parsed.GetValue(_findAs);
        string folder = planned.Options.IncompleteFolder ?? session.DownloadFolder;
        FileSearch search = await FileFinder.PlaceAsync(
            TorrentSource.Metainfo(metainfo), folder, folders, placing, cancellationToken).ConfigureAwait(false);
        if (!search.Placed.IsEmpty)
            reporter.Found(metainfo.SwarmHash, search.Placed);
        if (search.IsCutShort)
            reporter.Warning(CutShort, metainfo.SwarmHash);

        // Nothing is written to a file with a second name in any case, but only Linux tells of those. Also if it was linked in an earlier
        // run.
        return placing == FilePlacing.Link && !OperatingSystem.IsLinux()
            ? planned with { Options = planned.Options with { ExistingFiles = ExistingFiles.Keep } }
            : planned;
    }

    /// <summary>The folders of torrents that the torrent names as similar (BEP 38), as far as they are known here.</summary>
    private static async Task<IReadOnlyList<string>> FoldersOfSimilarAsync(
        TorrentMetainfo metainfo, string? state, CancellationToken cancellationToken)
    {
        if (metainfo.Similar.IsEmpty || state is null)
            return [];
        IReadOnlyList<SavedTorrent> saved = await SavedTorrents.ReadAsync(state, cancellationToken).ConfigureAwait(false);
        return [.. saved
            .Where(torrent => metainfo.Similar.Contains(torrent.InfoHash) && torrent.Folder is not null && torrent.Name is not null)
            .Select(torrent => Path.Combine(torrent.Folder!, torrent.Name!))];
    }

    private static FilePlacing Read(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        switch (text)
        {
            case "copy":
                return FilePlacing.Copy;
            case "link":
                return FilePlacing.Link;
            default:
                result.AddError($"--find-as is copy or link, not '{text}'.");
                return default;
        }
    }
}
