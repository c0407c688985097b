using System.CommandLine;
using System.CommandLine.Parsing;

namespace Freshet.Cli.Parsing;

/// <summary>
/// Finds options that a command does not have. The parser takes them for arguments, so that a mistyped <c>--fils</c> would be looked for as
/// a file. What really starts with a dash is written as <c>./-x</c>, or stands after <c>--</c>.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>What was typed, in its order.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        HashSet<Token> behindDashes = new(
            parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash), ReferenceEqualityComparer.Instance);
        return [.. parsed.CommandResult.Children
            .OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value is ['-', _, ..] && !behindDashes.Contains(token))
            .Select(token => token.Value)];
    }
}
