using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>
/// A queue that serves its sources in turn, by what their items cost: the next item comes from the source that has been served least while
/// it waited. So a source with many items or expensive ones gets no more than one with few or cheap ones, and one that wants less than its
/// share gets all that it wants. Within a source, items are served in order of arrival.
/// </summary>
/// <remarks>
/// Start-time fair queueing: time is counted in what has been served, each turn begins where the source's last one ended, and a source that
/// comes anew begins at the current time, so that nobody saves turns up.
/// </remarks>
internal sealed class ShareQueue<TSource, T>
    where TSource : notnull
{
    // Sources that do not wait are forgotten once there are so many more of them than of others.
    private const int MostIdle = 64;

    private readonly Dictionary<TSource, Source> _sources = [];
    private readonly PriorityQueue<TSource, (long Begin, long Number)> _turns = new();
    private long _now;
    private long _number;

    /// <summary>Whether the queue is empty.</summary>
    public bool IsEmpty => _turns.Count == 0;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>How many sources are remembered, whether or not they wait.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>Adds an item to those of a source.</summary>
    public void Enqueue(TSource source, T item, long cost)
    {
        if (!_sources.TryGetValue(source, out Source? known))
            _sources.Add(source, known = new Source());
        if (known.Items.Count == 0)
            _turns.Enqueue(source, (known.End = Math.Max(known.End, _now), _number++));
        known.Items.Enqueue((item, cost));
        Count++;
    }

    /// <summary>The next item; false if the queue is empty.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (!_turns.TryPeek(out TSource? source, out _))
            return false;
        item = _sources[source].Items.Peek().Item;
        return true;
    }

    /// <summary>Removes the next item; the queue must not be empty.</summary>
    /// <param name="isServed">Whether its cost counts.</param>
    public T Dequeue(bool isServed = true)
    {
        _turns.TryDequeue(out TSource? source, out (long Begin, long) turn);
        Source known = _sources[source!];
        (T item, long cost) = known.Items.Dequeue();
        Count--;
        _now = turn.Begin;
        if (isServed)
            known.End += cost;
        if (known.Items.Count > 0)
            _turns.Enqueue(source!, (known.End, _number++));
        else if (_sources.Count > (2 * _turns.Count) + MostIdle)
            Sweep();
        return item;
    }

    private void Sweep()
    {
        // Dictionary.Remove is allowed during enumeration.
        foreach ((TSource source, Source known) in _sources)
        {
            if (known.Items.Count == 0 && known.End <= _now)
                _sources.Remove(source);
        }
    }

    private sealed class Source
    {
        public Queue<(T Item, long Cost)> Items { get; } = new();

        /// <summary>When its last turn ended.</summary>
        public long End { get; set; }
    }
}
