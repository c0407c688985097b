using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Parsing;

/// <summary>Tells what is wrong with a command line, and where to read how it should be.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult parsed, IConsoleStreams streams)
    {
        foreach (string message in Messages(parsed))
            streams.Error.WriteLine("freshet: " + message);
        if (Suggestion(parsed) is { } suggestion)
            streams.Error.WriteLine($"Did you mean '{suggestion}'?");
        streams.Error.WriteLine($"Run '{Path(parsed.CommandResult)} --help' to see how it is used.");
        return ExitCode.WrongUsage;
    }

    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        // What was not understood explains what is missing: a mistyped command is no command.
        IEnumerable<string> unknown = parsed.UnmatchedTokens.Select(token => $"'{token}' is not understood here.");
        IEnumerable<string> others = parsed.Errors.Select(Words)
            .Where(message => !parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        return parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0 ? unknown : unknown.Concat(others).Distinct();
    }

    /// <summary>The parser's own words where they are plain; it speaks of types where a name is empty, and does not say which argument is missing.</summary>
    private static string Words(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Parent: OptionResult option } => $"{option.Option.Name} needs a value.",
        ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.Name.ToUpperInvariant()} is missing.",
        OptionResult { Tokens.Count: 0 } option => option.IdentifierToken is null ? error.Message : $"{option.Option.Name} needs a value.",
        OptionResult { Tokens: [{ Value: "" }] } option => $"{option.Option.Name} is given an empty value.",
        ArgumentResult { Tokens: [{ Value: "" }], Parent: OptionResult option } => $"{option.Option.Name} is given an empty value.",
        ArgumentResult { Tokens: [{ Value: "" }] } argument => $"{argument.Argument.Name.ToUpperInvariant()} is empty.",
        CommandResult { Command.Subcommands.Count: > 0 } => "A command is missing.",
        _ => error.Message,
    };

    /// <summary>The command or option of a name most like the first that was not understood; null if none is near.</summary>
    private static string? Suggestion(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0)
            return null;
        string typed = parsed.UnmatchedTokens[0];
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> names = typed.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(sub => sub.Name);
        (string? Name, int Distance) nearest = names
            .Select(name => ((string?)name, EditDistance(typed, name)))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(candidate => candidate.Item2);
        return nearest.Distance <= Math.Max(1, typed.Length / 3) ? nearest.Name : null;
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? Path(parent) + " " + command.Command.Name : command.Command.Name;

    /// <summary>Letters to put in, take out or change (Levenshtein), computed a row at a time.</summary>
    private static int EditDistance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        foreach (char letter in from)
        {
            int diagonal = row[0]++;
            for (int i = 1; i < row.Length; i++)
            {
                int changed = diagonal + (to[i - 1] == letter ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(changed, Math.Min(diagonal, row[i - 1]) + 1);
            }
        }

        return row[^1];
    }
}
