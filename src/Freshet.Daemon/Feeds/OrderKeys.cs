namespace Freshet.Daemon.Feeds;

/// <summary>
/// Sort keys, assigned so that few change when items are added, removed or moved: among items that keep their relative order, as many as
/// possible keep their keys.
/// </summary>
internal static class OrderKeys
{
    /// <summary>Assigns ascending keys to items in their order.</summary>
    /// <param name="before">The previous keys; null for new items.</param>
    public static double[] Assign(IReadOnlyList<double?> before)
    {
        bool[] stays = LongestRise(before);
        double[] keys = new double[before.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            if (stays[i])
            {
                keys[i] = before[i]!.Value;
                continue;
            }

            int end = i;
            while (end < keys.Length && !stays[end])
                end++;
            double? below = i > 0 ? keys[i - 1] : null;
            double? above = end < keys.Length ? before[end] : null;
            if (!TryFill(keys.AsSpan(i, end - i), below, above))
                return [.. Enumerable.Range(1, keys.Length).Select(key => (double)key)];
            i = end - 1;
        }

        return keys;
    }

    private static bool TryFill(Span<double> keys, double? below, double? above)
    {
        double last = below ?? ((above ?? keys.Length + 1) - keys.Length - 1);
        double step = above is { } end ? (end - last) / (keys.Length + 1) : 1;
        double first = last;
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = first + (step * (i + 1));
            if (!(keys[i] > last) || keys[i] >= above)
                return false;
            last = keys[i];
        }

        return true;
    }

    // The longest increasing subsequence, by patience sorting: each pile holds the smallest key that ends a subsequence of its length.
    private static bool[] LongestRise(IReadOnlyList<double?> numbers)
    {
        List<int> ends = [];
        int[] previous = new int[numbers.Count];
        for (int i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] is not { } number)
                continue;
            int pile = PileOf(ends, numbers, number);
            previous[i] = pile > 0 ? ends[pile - 1] : -1;
            if (pile == ends.Count)
                ends.Add(i);
            else
                ends[pile] = i;
        }

        bool[] rises = new bool[numbers.Count];
        for (int i = ends.Count > 0 ? ends[^1] : -1; i >= 0; i = previous[i])
            rises[i] = true;
        return rises;
    }

    // The first pile that ends with the key or a larger one.
    private static int PileOf(List<int> ends, IReadOnlyList<double?> numbers, double number)
    {
        (int low, int high) = (0, ends.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (numbers[ends[middle]] < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
