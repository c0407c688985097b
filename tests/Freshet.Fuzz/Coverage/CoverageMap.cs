namespace Freshet.Fuzz.Coverage;

/// <summary>
/// Every edge that was ever taken, and about how often in one run: once, twice, three times, up to 7, 15, 31, 127 and more, as in AFL.
/// A loop that runs 40 times instead of 39 teaches nothing; one that runs twice instead of once does.
/// </summary>
/// <param name="countsMatter">Whether a new count of a known edge is news; otherwise only a new edge is.</param>
internal sealed class CoverageMap(bool countsMatter = true)
{
    private static readonly byte[] Buckets = [.. Enumerable.Range(0, 256).Select(BucketOf)];
    private readonly byte[] _seen = new byte[EdgeCounters.Count];

    /// <summary>The number of edges that were taken, however often.</summary>
    public int Edges { get; private set; }

    /// <summary>Adds a run; returns whether there was anything new in it.</summary>
    public bool Add(ReadOnlySpan<byte> counters)
    {
        bool isNew = false;
        for (int edge = counters.IndexOfAnyExcept((byte)0); edge >= 0;)
        {
            byte bucket = countsMatter ? Buckets[counters[edge]] : Buckets[1];
            if ((_seen[edge] & bucket) == 0)
            {
                Edges += _seen[edge] == 0 ? 1 : 0;
                _seen[edge] |= bucket;
                isNew = true;
            }

            int next = counters[(edge + 1)..].IndexOfAnyExcept((byte)0);
            edge = next < 0 ? -1 : edge + 1 + next;
        }

        return isNew;
    }

    private static byte BucketOf(int count) => count switch
    {
        0 => 0,
        1 => 1 << 0,
        2 => 1 << 1,
        3 => 1 << 2,
        <= 7 => 1 << 3,
        <= 15 => 1 << 4,
        <= 31 => 1 << 5,
        <= 127 => 1 << 6,
        _ => 1 << 7,
    };
}
