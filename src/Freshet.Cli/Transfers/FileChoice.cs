using System.Collections.Immutable;
using System.CommandLine;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>The options that select files of a torrent and their order.</summary>
internal sealed class FileChoice
{
    private readonly Option<bool> _sequential = new("--sequential") { Description = "Download pieces in order." };
    private readonly Option<bool> _firstLast = new("--first-last")
    {
        Description = "Download the beginning and the end of each file first, as players need them.",
    };
    private readonly Option<string[]> _files = new("--files")
    {
        Description = "Download only the files that match; repeatable.",
        HelpName = "GLOB",
        DefaultValueFactory = static _ => [],
    };
    private readonly Option<FileRule[]> _priority = FileRuleOption.Create(
        "The priority of files that match: skip, low, normal or high; repeatable, the last match counts.");

    private readonly Option<bool> _keepExisting = new("--keep-existing")
    {
        Description = "Never overwrite existing files; a torrent that differs from them fails.",
    };

    private readonly Option<DirectoryInfo?> _incomplete = new("--incomplete")
    {
        Description = "Keep files here until everything wanted is complete; then they are moved to the output folder.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Add(_incomplete);
        command.Add(_keepExisting);
        command.Add(_sequential);
        command.Add(_firstLast);
        command.Add(_files);
        command.Add(_priority);
    }

    /// <summary>Applies the order of pieces, and the handling of existing files.</summary>
    public TorrentOptions Apply(TorrentOptions options, ParseResult parsed) => options with
    {
        Sequential = parsed.GetValue(_sequential),
        IncompleteFolder = parsed.GetValue(_incomplete)?.FullName,
        FirstAndLastFirst = parsed.GetValue(_firstLast),
        ExistingFiles = parsed.GetValue(_keepExisting) ? ExistingFiles.Keep : ExistingFiles.Continue,
    };

    /// <summary>The function that selects files of a torrent once they are known; null if none are selected.</summary>
    public Func<TorrentMetainfo, ImmutableArray<FilePriority>>? ChooserOf(ParseResult parsed)
    {
        GlobPattern[] only = [.. (parsed.GetValue(_files) ?? []).Select(pattern => new GlobPattern(pattern))];
        FileRule[] rules = parsed.GetValue(_priority) ?? [];
        return only.Length == 0 && rules.Length == 0 ? null : metainfo => FileSelection.Choose(metainfo, only, rules);
    }
}
