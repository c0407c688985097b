using System.CommandLine;
using System.CommandLine.Parsing;

namespace Freshet.Cli.Parsing;

/// <summary>
/// Finds options that a command does not have. The parser treats them as arguments, so that a mistyped <c>--fils</c> would be looked for as
/// a file. An argument that really starts with a dash is written as <c>./-x</c>, or after <c>--</c>.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>The unknown options, in the order in which they were typed.</summary>
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
