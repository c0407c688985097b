using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>
/// A queue that serves its sources in turn: the next item always comes from the source that has waited longest for a turn, so that a source
/// with many items is served no more often than one with few. Within a source, items are served in order of arrival.
/// </summary>
internal sealed class TurnQueue<TSource, T>
    where TSource : notnull
{
    private readonly Dictionary<TSource, Queue<T>> _waiting = [];
    private readonly Queue<TSource> _turns = new();
    private readonly Stack<Queue<T>> _spare = new();

    /// <summary>Whether the queue is empty.</summary>
    public bool IsEmpty => _turns.Count == 0;

    public void Enqueue(TSource source, T item)
    {
        if (!_waiting.TryGetValue(source, out Queue<T>? queue))
        {
            queue = _spare.TryPop(out Queue<T>? spare) ? spare : new Queue<T>();
            _waiting.Add(source, queue);
            _turns.Enqueue(source);
        }

        queue.Enqueue(item);
    }

    /// <summary>The next item; false if the queue is empty.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = default;
        return _turns.TryPeek(out TSource? source) && _waiting[source].TryPeek(out item);
    }

    /// <summary>Removes the next item; the queue must not be empty.</summary>
    public T Dequeue()
    {
        TSource source = _turns.Dequeue();
        Queue<T> queue = _waiting[source];
        T item = queue.Dequeue();
        if (queue.Count > 0)
        {
            _turns.Enqueue(source);
        }
        else
        {
            _waiting.Remove(source);
            _spare.Push(queue);
        }

        return item;
    }
}
