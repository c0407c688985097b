namespace Freshet.Core.Dht.Searching;

/// <summary>
/// Searches that have not begun, by urgency. The more urgent begin first, but those of one urgency never take all places of the searches in
/// progress: thousands of torrents that are announced in turn do not delay a new one, nor do thousands without peers end all announces.
/// </summary>
internal sealed class SearchQueue
{
    private readonly List<Search>[] _byUrgency = [[], [], []];

    public int Count => _byUrgency.Sum(static queue => queue.Count);

    /// <summary>Adds a search; false if too many of its urgency are queued.</summary>
    public bool TryAdd(Search search)
    {
        List<Search> queue = _byUrgency[(int)search.Urgency];
        if (queue.Count >= DhtLimits.MaxQueuedDhtSearches)
            return false;
        queue.Add(search);
        return true;
    }

    /// <summary>Takes the search that should begin next; null if there is none.</summary>
    /// <param name="active">The searches in progress.</param>
    public Search? TakeNext(IReadOnlyList<Search> active)
    {
        if (active.Count >= DhtLimits.MaxDhtSearches)
            return null;
        foreach (List<Search> queue in _byUrgency)
        {
            if (queue.Count == 0 || !HasPlace(queue[0].Urgency, active))
                continue;
            Search next = queue[0];
            queue.RemoveAt(0);
            return next;
        }

        return null;
    }

    public void Remove(SearchKey key)
    {
        foreach (List<Search> queue in _byUrgency)
            queue.RemoveAll(search => search.Key == key);
    }

    private static bool HasPlace(SearchUrgency urgency, IReadOnlyList<Search> active)
    {
        if (urgency == SearchUrgency.Upkeep)
            return true;
        int ofUrgency = 0;
        for (int i = 0; i < active.Count; i++)
            ofUrgency += active[i].Urgency == urgency ? 1 : 0;
        return ofUrgency < DhtLimits.MaxDhtSearchesOfUrgency;
    }
}
