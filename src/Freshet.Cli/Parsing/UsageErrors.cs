using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Parsing;

/// <summary>Reports what is wrong with a command line, and where its usage is described.</summary>
internal static class UsageErrors
{
    /// <param name="parsed">The command line.</param>
    /// <param name="unknown">Options that the command does not have.</param>
    /// <param name="streams">Where the errors are reported.</param>
    public static int Report(ParseResult parsed, IReadOnlyList<string> unknown, IConsoleStreams streams)
    {
        unknown = [.. unknown, .. parsed.UnmatchedTokens];
        foreach (string message in Messages(parsed, unknown))
            streams.Error.WriteLine("freshet: " + message);
        if (Suggestion(parsed, unknown) is { } suggestion)
            streams.Error.WriteLine($"Did you mean '{suggestion}'?");
        streams.Error.WriteLine($"Run '{Path(parsed.CommandResult)} --help' to see how it is used.");
        return ExitCode.WrongUsage;
    }

    private static IEnumerable<string> Messages(ParseResult parsed, IReadOnlyList<string> unknown)
    {
        // An unknown word explains what is missing: a mistyped command is not a command.
        IEnumerable<string> first = unknown.Select(token => Describe(parsed, token));
        IEnumerable<string> others = parsed.Errors.Select(Words)
            .Where(message => !unknown.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        return unknown.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0 ? first : first.Concat(others).Distinct();
    }

    private static string Describe(ParseResult parsed, string token) => token.StartsWith('-')
        ? $"'{Path(parsed.CommandResult)}' has no option '{token}'."
        : $"'{token}' is not a command or argument of '{Path(parsed.CommandResult)}'.";

    /// <summary>
    /// The parser's own message where it is clear. For empty values it names .NET types, and for missing arguments it does not say which.
    /// </summary>
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

    /// <summary>The command or option whose name is most similar to the first unknown one; null if none is similar.</summary>
    private static string? Suggestion(ParseResult parsed, IReadOnlyList<string> unknown)
    {
        if (unknown.Count == 0)
            return null;
        string typed = unknown[0].Split('=')[0];
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> names = typed.StartsWith('-')
            ? command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(sub => sub.Name);
        (string? Name, int Distance) nearest = names
            .Select(name => ((string?)name, EditDistance(typed, name)))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(candidate => candidate.Item2);
        return nearest.Distance <= Math.Max(1, typed.Length / 3) ? nearest.Name : null;
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? Path(parent) + " " + command.Command.Name : command.Command.Name;

    /// <summary>The number of letters to insert, delete or change (Levenshtein), computed a row at a time.</summary>
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
