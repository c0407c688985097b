using System.Collections.Concurrent;
using Freshet.Api;

namespace Freshet.Daemon.Feeds;

/// <summary>
/// The torrents in the orders that were asked for. An order is kept until the next request for it, which moves only those torrents that are
/// no longer in their place: few, whatever they are sorted by, and usually none. Only torrents that the catalog has are in a kept order,
/// so that none is held after its removal. Thread-safe.
/// </summary>
internal sealed class CatalogOrders
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private IReadOnlyList<CatalogEntry> _present = [];

    /// <summary>Says which torrents there are from now on.</summary>
    /// <param name="entries">All torrents.</param>
    /// <param name="removed">Those that there were before, and no longer are.</param>
    public void OnMembers(IReadOnlyList<CatalogEntry> entries, HashSet<CatalogEntry> removed)
    {
        lock (_lock)
        {
            _present = entries;
            if (removed.Count == 0)
                return;
            foreach ((string name, Kept kept) in _kept)
                _kept[name] = new Kept(All: null, Array.FindAll(kept.Ordered, entry => !removed.Contains(entry)));
        }
    }

    /// <summary>
    /// The torrents in an order; those that are equal in it are in the order of the list. The result must not be modified.
    /// </summary>
    /// <param name="entries">All torrents. The same list must never have other members.</param>
    /// <param name="name">The name of the order, of which there are few.</param>
    /// <param name="order">The order.</param>
    public CatalogEntry[] Of(IReadOnlyList<CatalogEntry> entries, string name, Comparison<TorrentItem> order)
    {
        if (_kept.TryGetValue(name, out Kept? kept) && ReferenceEquals(kept.All, entries) && IsOrdered(kept.Ordered, order))
            return kept.Ordered;
        CatalogEntry[] ordered = kept is null ? [.. entries] : Present(kept.Ordered, entries);

        // Compared by what they are at one moment, whatever changes meanwhile.
        (CatalogEntry Entry, TorrentItem Item)[] placed = Array.ConvertAll(ordered, entry => (entry, entry.Current.Item));
        Sort(placed, (left, right) => Compare(left.Item, right.Item, order));
        ordered = Array.ConvertAll(placed, each => each.Entry);
        lock (_lock)
        {
            // Otherwise some may have been removed since.
            if (ReferenceEquals(entries, _present))
                _kept[name] = new Kept(entries, ordered);
        }

        return ordered;
    }

    /// <summary>
    /// Sorts what is almost sorted, in linear time: those that break the order are taken out, sorted, and merged with the rest.
    /// </summary>
    internal static void Sort<T>(T[] items, Comparison<T> compare)
    {
        List<T> loose = [];
        int kept = 0;
        foreach (T item in items)
        {
            // Either of the two is in the wrong place.
            if (kept > 0 && compare(items[kept - 1], item) > 0)
            {
                loose.Add(items[--kept]);
                loose.Add(item);
            }
            else
            {
                items[kept++] = item;
            }
        }

        loose.Sort(compare);

        // From the end, where there is room.
        for ((int at, int left, int right) = (items.Length - 1, kept - 1, loose.Count - 1); right >= 0; at--)
            items[at] = left >= 0 && compare(items[left], loose[right]) > 0 ? items[left--] : loose[right--];
    }

    private static bool IsOrdered(CatalogEntry[] entries, Comparison<TorrentItem> order)
    {
        TorrentItem? last = null;
        foreach (CatalogEntry entry in entries)
        {
            TorrentItem item = entry.Current.Item;
            if (last is not null && Compare(last, item, order) > 0)
                return false;
            last = item;
        }

        return true;
    }

    private static int Compare(TorrentItem left, TorrentItem right, Comparison<TorrentItem> order)
    {
        int compared = order(left, right);
        return compared != 0 ? compared : left.Order.CompareTo(right.Order);
    }

    // Those of before that are still there, then the new ones.
    private static CatalogEntry[] Present(CatalogEntry[] before, IReadOnlyList<CatalogEntry> entries)
    {
        HashSet<CatalogEntry> left = [.. entries];
        List<CatalogEntry> present = new(entries.Count);
        present.AddRange(before.Where(left.Remove));
        present.AddRange(entries.Where(left.Contains));
        return [.. present];
    }

    // All is null once some of them were removed: no list has just the others.
    private sealed record Kept(IReadOnlyList<CatalogEntry>? All, CatalogEntry[] Ordered);
}
