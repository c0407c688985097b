namespace Freshet.Interop.Tests;

/// <summary>
/// How each case went, in a file beside the tests, from which the table on the page of features is made. A case that goes otherwise fails.
/// After an intended change, run the cases with UPDATE_FEATURES=1 and commit the file.
/// </summary>
internal static class WayRecords
{
    private const char Separator = '\t';

    private static readonly Lock Writing = new();

    private static string FilePath => Path.Combine(Repository.Root, "tests", "Freshet.Interop.Tests", "ways.txt");

    /// <summary>Requires that a case went as it is recorded, or records how it went.</summary>
    public static void Require(WayCase tried, string result)
    {
        lock (Writing)
        {
            SortedDictionary<string, (WayCase, string)> records = ReadByKey();
            string key = KeyOf(tried);
            if (Environment.GetEnvironmentVariable("UPDATE_FEATURES") == "1")
            {
                records[key] = (tried, result);
                File.WriteAllLines(FilePath, records.Select(record => record.Key + Separator + record.Value.Item2));
                return;
            }

            Assert.True(records.TryGetValue(key, out (WayCase, string Result) recorded), $"{key} is not recorded; it went {result}.");
            Assert.Equal(recorded.Result, result);
        }
    }

    /// <summary>All that is recorded, in the order of the file.</summary>
    public static IReadOnlyList<(WayCase Case, string Result)> Read() => [.. ReadByKey().Values];

    private static SortedDictionary<string, (WayCase Case, string Result)> ReadByKey()
    {
        SortedDictionary<string, (WayCase, string)> records = new(StringComparer.Ordinal);
        foreach (string line in File.Exists(FilePath) ? File.ReadAllLines(FilePath) : [])
        {
            string[] parts = line.Split(Separator);
            WayCase tried = new(
                Enum.Parse<ClientKind>(parts[0]), parts[1], Enum.Parse<ClientEncryption>(parts[2]), parts[3],
                Downloads: parts[4] == "downloads", WeDial: parts[5] == "dials");
            records.Add(KeyOf(tried), (tried, parts[6]));
        }

        return records;
    }

    private static string KeyOf(WayCase tried) => string.Join(
        Separator, tried.Kind, tried.Transport, tried.Theirs, tried.Ours, tried.Downloads ? "downloads" : "seeds",
        tried.WeDial ? "dials" : "is dialled");
}
