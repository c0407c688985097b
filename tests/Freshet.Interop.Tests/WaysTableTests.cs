namespace Freshet.Interop.Tests;

/// <summary>
/// The page of features says how the cases went, and nothing else. After an intended change, run the cases with UPDATE_FEATURES=1, then
/// this, and commit their record and the page.
/// </summary>
public class WaysTableTests
{
    private const string Begin = "<!-- The next table is that of WaysTableTests. -->\n";
    private const string End = "<!-- End of the table. -->";

    [Fact]
    public void The_page_of_features_has_the_table_of_the_cases()
    {
        string path = Path.Combine(Repository.Root, "docs", "features.md");
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.InRange(begin, Begin.Length, end);
        string table = WaysTable.Build(WayRecords.Read());
        TestContext.Current.TestOutputHelper?.WriteLine(table);
        if (Environment.GetEnvironmentVariable("UPDATE_FEATURES") == "1")
            File.WriteAllText(path, string.Concat(page.AsSpan(0, begin), table, page.AsSpan(end)));
        else
            Assert.Equal(table, page[begin..end]);
    }

    [Fact]
    public void Each_case_is_recorded_and_nothing_else()
    {
        HashSet<WayCase> cases = [.. WayCase.All];
        Assert.Equal(cases.Count, WayCase.All.Count());
        Assert.Empty(cases.Except(WayRecords.Read().Select(record => record.Case)));
        Assert.Empty(WayRecords.Read().Select(record => record.Case).Except(cases));
    }
}
