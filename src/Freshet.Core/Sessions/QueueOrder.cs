namespace Freshet.Core.Sessions;

/// <summary>
/// The order of a session's torrents, by positions with gaps between them: moving a torrent changes its own position, and those of others
/// only where no gap is left.
/// </summary>
internal static class QueueOrder
{
    /// <summary>The initial gap, which leaves room for many insertions.</summary>
    public const long Step = 1L << 20;

    /// <summary>The index that a torrent has after the move.</summary>
    /// <param name="isComplete">For each torrent, in order, whether all its wanted pieces are complete.</param>
    /// <param name="index">The index of the torrent.</param>
    /// <param name="move">The move.</param>
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

    /// <summary>The positions to change: that of the torrent and, rarely, of some torrents behind it.</summary>
    /// <param name="positions">The position of each torrent, in order.</param>
    /// <param name="index">The current index of the torrent.</param>
    /// <param name="target">Its index after the move.</param>
    public static List<(int Index, long Position)> Move(ReadOnlySpan<long> positions, int index, int target)
    {
        List<(int Index, long Position)> changes = [];
        if (target == index)
            return changes;

        // The other torrents, as if the moved one were removed.
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
