using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>The options that say which files of a torrent are wanted, and in which order they come.</summary>
internal sealed class FileChoice
{
    private readonly Option<bool> _sequential = new("--sequential") { Description = "Download pieces in order." };
    private readonly Option<bool> _firstLast = new("--first-last")
    {
        Description = "Download the beginning and the end of each file first, which players need.",
    };
    private readonly Option<string[]> _files = new("--files")
    {
        Description = "Download only the files that match; repeatable.",
        HelpName = "GLOB",
        DefaultValueFactory = static _ => [],
    };
    private readonly Option<FileRule[]> _priority = new("--priority")
    {
        Description = "How much files that match are wanted: skip, low, normal or high; repeatable, the last that matches counts.",
        HelpName = "GLOB=LEVEL",
        DefaultValueFactory = static _ => [],
        CustomParser = Read,
    };

    public void AddTo(Command command)
    {
        command.Add(_sequential);
        command.Add(_firstLast);
        command.Add(_files);
        command.Add(_priority);
    }

    /// <summary>The order in which pieces come.</summary>
    public TorrentOptions Apply(TorrentOptions options, ParseResult parsed) =>
        options with { Sequential = parsed.GetValue(_sequential), FirstAndLastFirst = parsed.GetValue(_firstLast) };

    /// <summary>What says which files of a torrent are wanted, once they are known; null if nothing does.</summary>
    public Func<TorrentMetainfo, ImmutableArray<FilePriority>>? ChooserOf(ParseResult parsed)
    {
        GlobPattern[] only = [.. (parsed.GetValue(_files) ?? []).Select(pattern => new GlobPattern(pattern))];
        FileRule[] rules = parsed.GetValue(_priority) ?? [];
        return only.Length == 0 && rules.Length == 0 ? null : metainfo => FileSelection.Choose(metainfo, only, rules);
    }

    private static FileRule[]? Read(ArgumentResult result)
    {
        List<FileRule> rules = [];
        foreach (Token token in result.Tokens)
        {
            int at = token.Value.LastIndexOf('=');
            if (at > 0 && LevelOf(token.Value[(at + 1)..]) is { } level)
            {
                rules.Add(new FileRule(new GlobPattern(token.Value[..at]), level));
                continue;
            }

            result.AddError(
                $"--priority is a pattern and a level, not '{token.Value}'; write it as '*.mkv=high' (skip, low, normal or high).");
            return null;
        }

        return [.. rules];
    }

    private static FilePriority? LevelOf(string text) => text switch
    {
        "skip" => FilePriority.Skip,
        "low" => FilePriority.Low,
        "normal" => FilePriority.Normal,
        "high" => FilePriority.High,
        _ => null,
    };
}
