namespace Freshet.Core.Sessions;

/// <summary>
/// The order of a session's torrents, by positions that leave room between them: to move one changes its own position, and those of others
/// only where there is no room left.
/// </summary>
internal static class QueueOrder
{
    /// <summary>So far apart that another fits in between many times.</summary>
    public const long Step = 1L << 20;

    /// <summary>Where a torrent goes: its index when it is there.</summary>
    /// <param name="isComplete">Of each torrent, in their order, whether it has all that is wanted of it.</param>
    /// <param name="index">The torrent's.</param>
    /// <param name="move">Where to.</param>
    public static int TargetOf(ReadOnlySpan<bool> isComplete, int index, QueueMove move)
    {
        int step = move is QueueMove.Up or QueueMove.Top ? -1 : 1;
        if (move is QueueMove.Top or QueueMove.Bottom)
            return step < 0 ? 0 : isComplete.Length - 1;
        for (int other = index + step; other >= 0 && other < isComplete.Length; other += step)
        {
            if (isComplete[other] == isComplete[index])
                return other;
        }

        return index;
    }

    /// <summary>Finds the positions to change, of the torrent and, rarely, of some behind it.</summary>
    /// <param name="positions">The position of each torrent, in their order.</param>
    /// <param name="index">The torrent's.</param>
    /// <param name="target">Its index when it is there.</param>
    public static List<(int Index, long Position)> Move(ReadOnlySpan<long> positions, int index, int target)
    {
        List<(int Index, long Position)> changes = [];
        if (target == index)
            return changes;

        // The others are where they were, without the one that leaves.
        int before = target < index ? target - 1 : target;
        int behind = target < index ? target : target + 1;
        long low = before >= 0 ? positions[before] : positions[behind] - (2 * Step);
        long high = behind < positions.Length ? positions[behind] : low + (2 * Step);
        if (high - low >= 2)
        {
            changes.Add((index, low + ((high - low) / 2)));
            return changes;
        }

        long last = low + Step;
        changes.Add((index, last));
        for (int other = behind; other < positions.Length; other++)
        {
            if (other == index)
                continue;
            if (positions[other] > last)
                break;
            last += Step;
            changes.Add((other, last));
        }

        return changes;
    }
}
