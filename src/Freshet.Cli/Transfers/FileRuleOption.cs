using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Transfers;

/// <summary><c>--priority GLOB=LEVEL</c>: priorities for the files of a torrent that match a pattern.</summary>
internal static class FileRuleOption
{
    public static Option<FileRule[]> Create(string description) => new("--priority")
    {
        Description = description,
        HelpName = "GLOB=LEVEL",
        DefaultValueFactory = static _ => [],
        CustomParser = Read,
    };

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
