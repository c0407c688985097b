using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace Freshet.Conventions.Tests;

public class SourceTests
{
    private const int MostLines = 500;
    private const int MostColumns = 140;
    private static readonly string[] All = ["src", "tests", "bench"];

    // Spelled in parts so that this file does not match.
    private static readonly string[] Waits = ["Thread" + ".Sleep", "Task" + ".Delay"];

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        string[] tooLong = [.. Repository.Sources(All).Where(path => File.ReadLines(path).Count() > MostLines).Select(Repository.Relative)];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        // Spelled in parts so that this file does not match.
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        string[] left = [.. Repository.Sources(All).Where(path => words.Any(File.ReadAllText(path).Contains)).Select(Repository.Relative)];
        Assert.Empty(left);
    }

    [Fact]
    public void No_type_is_split_over_files()
    {
        // Source generators need the word, but only in these files.
        string[] generated = ["Log.cs", "JsonContext.cs", "Native.cs", "DiskFlush.cs"];
        string[] split = [.. Repository.Sources("src")
            .Where(path => !generated.Contains(Path.GetFileName(path)))
            .Where(path => File.ReadLines(path).Any(line => line.Contains(" partial ", StringComparison.Ordinal)
                && (line.Contains(" class ", StringComparison.Ordinal) || line.Contains(" struct ", StringComparison.Ordinal))))
            .Select(Repository.Relative)];
        Assert.Empty(split);
    }

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        string[] tooLong = [.. Repository.Sources(All).SelectMany(path => File.ReadLines(path)
            .Index()
            .Where(line => line.Item.Length > MostColumns)
            .Select(line => $"{Repository.Relative(path)}:{line.Index + 1}"))];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Tests_wait_in_loops_that_watch_for_something()
    {
        // A delay that is not in a loop is a guess at how long something takes; an endless delay only ends when it is cancelled.
        string[] guesses = [.. Repository.Sources("tests").SelectMany(path =>
        {
            string[] lines = File.ReadAllLines(path);
            return Enumerable.Range(0, lines.Length)
                .Where(i => Waits.Any(wait => lines[i].Contains(wait + "(", StringComparison.Ordinal)))
                .Where(i => !lines[i].Contains(nameof(Timeout.Infinite), StringComparison.Ordinal) && !IsInLoop(lines, i))
                .Select(i => $"{Repository.Relative(path)}:{i + 1}");
        })];
        Assert.Empty(guesses);
    }

    [Fact]
    public void Tests_are_skipped_by_Requires_alone()
    {
        // Spelled in parts so that this file does not match. Requires turns skips into failures where CI=true; xunit's own methods do not.
        string[] skips = ["Assert" + ".Skip", "Skip" + " = ", "SkipUnless" + " = ", "SkipWhen" + " = ", "$XunitDynamic" + "Skip$"];
        string[] found = [.. Repository.Sources("tests")
            .Where(path => Repository.Relative(path) != "tests/Freshet.Testing/Requires.cs")
            .SelectMany(path => File.ReadLines(path)
                .Where(line => skips.Any(line.Contains))
                .Select(line => $"{Repository.Relative(path)}: {line.Trim()}"))];
        Assert.Empty(found);
    }

    [Fact]
    public void A_skip_is_a_failure_where_no_skip_is_allowed()
    {
        FailException refused = Assert.Throws<FailException>(() => Requires.Skip("ip is missing.", isAllowed: false));
        Assert.Contains("ip is missing.", refused.Message, StringComparison.Ordinal);
        bool isSkipped = false;
        try
        {
            Requires.Skip("ip is missing.", isAllowed: true);
        }
        catch (SkipException)
        {
            isSkipped = true;
        }

        Assert.True(isSkipped);
        Requires.That(true, "ip is missing.");
    }

    [Fact]
    public void Every_project_is_in_the_solution_whose_tests_are_run()
    {
        string solution = Repository.Read("Freshet.slnx");
        string[] projects = [.. All.SelectMany(folder => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)).Select(Repository.Relative)];
        Assert.Contains("tests/Freshet.Conventions.Tests/Freshet.Conventions.Tests.csproj", projects);
        string[] leftOut = [.. projects.Where(project => !solution.Contains($"<Project Path=\"{project}\" />", StringComparison.Ordinal))];
        Assert.Empty(leftOut);
    }

    [Fact]
    public void Every_fuzz_target_is_run()
    {
        string list = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Freshet.Fuzz", "FuzzTargets.cs"));
        string[] forgotten = [.. Repository.Sources("tests/Freshet.Fuzz/Targets")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !list.Contains($"new {name}()", StringComparison.Ordinal))];
        Assert.Empty(forgotten);
    }

    [Fact]
    public void Every_fuzz_target_has_a_corpus()
    {
        string corpus = Path.Combine(Repository.Root, "tests", "Freshet.Fuzz", "Corpus");
        string[] names = [.. Repository.Sources("tests/Freshet.Fuzz/Targets")
            .Select(path => Regex.Match(File.ReadAllText(path), "string Name => \"(.+)\";").Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetDirectories(corpus).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tests_of_sessions_use_the_public_API_but_for_what_it_does_not_show()
    {
        // What a file needs of a torrent's actor, and nothing else of it: metadata without a peer that sends it; a record that is not
        // written yet, or that SavedTorrents does not show (whether it is clean, which pieces it has); the disk and the network that serve
        // the torrent; when it wakes up next.
        Dictionary<string, string> allowed = new()
        {
            ["Reliability/DeadDiskTests.cs"] = "OnLoopAsync Record Store",
            ["Reliability/LateMountTests.cs"] = "Store",
            ["Reliability/LearnCrashTests.cs"] = "PostMetadata",
            ["Reliability/RestoreCrashTests.cs"] = "Record",
            ["Reliability/StateFolderFaultTests.cs"] = "Record",
            ["Reliability/StopWhileRestoringTests.cs"] = "Record",
            ["Reliability/StoppedMoveTests.cs"] = "Record",
            ["Reliability/UnreadableStateTests.cs"] = "PostMetadata",
            ["Reliability/WriteOrderTests.cs"] = "Record",
            ["Sessions/ChangedPortTests.cs"] = "Services",
            ["Sessions/IdleTests.cs"] = "NextTick",
            ["Sessions/MagnetTests.cs"] = "Identity PostMetadata",
            ["Sessions/ManyAtRestTests.cs"] = "NextTick",
            ["Sessions/ReachabilityTests.cs"] = "Services",
            ["Sessions/RefusedClaimTests.cs"] = "Record",
            ["Sessions/SessionTests.cs"] = "Services",
            ["Sessions/SessionTimeTests.cs"] = "Record",
        };
        const string Tests = "tests/Freshet.Tests/";
        IEnumerable<string> used = Repository.Sources(Tests)
            .Select(path => (Path: Repository.Relative(path)[Tests.Length..], Members: string.Join(
                ' ', Regex.Matches(File.ReadAllText(path), @"\.Actor!?\.(\w+)").Select(match => match.Groups[1].Value)
                    .Distinct().Order(StringComparer.Ordinal))))
            .Where(file => file.Members.Length > 0)
            .Select(file => $"{file.Path}: {file.Members}");
        Assert.Equal(
            allowed.Select(file => $"{file.Key}: {file.Value}").Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    // Around a line are the lines above it that are indented less, each less than the one before.
    private static bool IsInLoop(string[] lines, int index)
    {
        int indent = IndentOf(lines[index]);
        for (int i = index - 1; i >= 0 && indent > 0; i--)
        {
            if (lines[i].Trim() is "" or "{" || IndentOf(lines[i]) >= indent)
                continue;
            indent = IndentOf(lines[i]);
            if (lines[i].TrimStart().StartsWith("while (", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static int IndentOf(string line) => line.Length - line.TrimStart().Length;
}
