using System.Text.RegularExpressions;

namespace Freshet.Conventions.Tests;

public class DocumentationTests
{
    [Fact]
    public void Every_option_of_the_command_line_is_documented()
    {
        string docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));
        string[] missing = [.. Repository.Sources("src/Freshet.Cli")
            .SelectMany(path => Regex.Matches(File.ReadAllText(path), "\"(--[a-z][a-z-]+)\"").Select(match => match.Groups[1].Value))
            .Distinct()
            .Where(option => !Regex.IsMatch(docs, $@"(?<![\w-]){option}(?![\w-])"))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_event_of_the_command_line_is_documented()
    {
        string docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));
        string[] events =
            ["listening", "added", "checking", "progress", "completed", "seeding", "paused", "resumed", "warning", "error", "finished"];
        string[] missing = [.. events.Where(name => !docs.Contains($"| `{name}` |", StringComparison.Ordinal))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_decision_is_numbered_once()
    {
        string[] numbers = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "adr"), "*.md")
            .Select(path => Path.GetFileName(path)[..4]).Order()];
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => number.ToString("0000", null)), numbers);
    }
}
