namespace Freshet.Conventions.Tests;

public class SourceTests
{
    private const int MostLines = 500;
    private static readonly string[] All = ["src", "tests", "bench"];

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        string[] tooLong = [.. Repository.Sources(All).Where(path => File.ReadLines(path).Count() > MostLines).Select(Repository.Relative)];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        // Spelled so that this file is not one of them.
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        string[] left = [.. Repository.Sources(All).Where(path => words.Any(File.ReadAllText(path).Contains)).Select(Repository.Relative)];
        Assert.Empty(left);
    }

    [Fact]
    public void No_type_is_split_over_files()
    {
        // Source generators need the word; they do so in these files alone.
        string[] generated = ["Log.cs", "JsonContext.cs", "Native.cs"];
        string[] split = [.. Repository.Sources("src")
            .Where(path => !generated.Any(name => path.EndsWith(name, StringComparison.Ordinal)))
            .Where(path => File.ReadLines(path).Any(line => line.Contains(" partial ", StringComparison.Ordinal)
                && (line.Contains(" class ", StringComparison.Ordinal) || line.Contains(" struct ", StringComparison.Ordinal))))
            .Select(Repository.Relative)];
        Assert.Empty(split);
    }

    [Fact]
    public void Tests_wait_for_conditions_and_not_for_fixed_times()
    {
        string sleep = "Thread" + ".Sleep(";
        string[] sleepers = [.. Repository.Sources("tests")
            .Where(path => File.ReadAllText(path).Contains(sleep, StringComparison.Ordinal))
            .Select(Repository.Relative)];
        Assert.Empty(sleepers);
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
}
