using System.Text.RegularExpressions;

namespace Freshet.Conventions.Tests;

public class DocumentationTests
{
    [Fact]
    public void Every_option_of_the_command_line_is_documented()
    {
        string docs = Repository.Read("docs/cli.md");
        string[] options = [.. Repository.Sources("src/Freshet.Cli")
            .SelectMany(path => Regex.Matches(File.ReadAllText(path), "\"(--[a-z][a-z-]+)\"").Select(match => match.Groups[1].Value))
            .Distinct()];
        Assert.Contains("--output", options);
        Assert.All(options, option => Assert.Matches($@"(?<![\w-]){option}(?![\w-])", docs));
    }

    [Fact]
    public void The_events_of_the_command_line_are_those_that_are_documented()
    {
        string source = Repository.Read("src/Freshet.Cli/Output/JsonEvents.cs");
        string[] written = [.. Regex.Matches(source, "\\bWrite(Message)?\\(\"([a-z-]+)\"").Select(match => match.Groups[2].Value).Order()];
        string table = Regex.Match(Repository.Read("docs/cli.md"), @"^\| event \|.*\n\|[-|]+\n((\|.*\n)+)", RegexOptions.Multiline).Value;
        string[] documented =
            [.. Regex.Matches(table, @"^\| `([a-z-]+)` \|", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Order()];
        Assert.NotEmpty(written);
        Assert.Equal(written, documented);
    }

    [Fact]
    public void Reliability_names_as_many_cases_as_the_tests_have()
    {
        Dictionary<string, string> sources = Repository.Sources("tests")
            .GroupBy(path => Path.GetFileNameWithoutExtension(path)).ToDictionary(same => same.Key, same => File.ReadAllText(same.First()));
        int rows = 0;
        foreach (Match row in Regex.Matches(
            Repository.Read("docs/reliability.md"), @"^\| ((?:`\w+`(?:, )?)+) \|.*\| ([\d and]+) cases \|$", RegexOptions.Multiline))
        {
            string[] classes = [.. Regex.Matches(row.Groups[1].Value, @"\w+").Select(name => name.Value)];
            Assert.All(classes, name => Assert.Contains(name, sources));

            // Cases that are computed are not counted here.
            if (classes.Any(name => sources[name].Contains("[MemberData", StringComparison.Ordinal)))
                continue;
            int written = Regex.Matches(row.Groups[2].Value, @"\d+").Sum(number => int.Parse(number.Value, null));
            int there = classes.Sum(name => Regex.Count(sources[name], @"\[(Fact|InlineData)\b"));
            Assert.True(written == there, $"{row.Groups[1].Value} have {there} cases, not {written}.");
            rows++;
        }

        Assert.True(rows > 8, $"Only {rows} rows of docs/reliability.md were compared.");
    }

    [Fact]
    public void Every_decision_is_numbered_once()
    {
        string[] numbers = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "adr"), "*.md")
            .Select(path => Path.GetFileName(path)[..4])
            .Order()];
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => number.ToString("0000", null)), numbers);
    }
}
