using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>
/// Those who wait, by whence they come: the next is always of whoever has waited longest for a turn, so that a source with many is
/// served no more often than one with few. Within a source, first come, first served.
/// </summary>
internal sealed class TurnQueue<TSource, T>
    where TSource : notnull
{
    private readonly Dictionary<TSource, Queue<T>> _waiting = [];
    private readonly Queue<TSource> _turns = new();
    private readonly Stack<Queue<T>> _spare = new();

    /// <summary>Whether nobody waits.</summary>
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

    /// <summary>Whose turn it is; false if nobody waits.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = default;
        return _turns.TryPeek(out TSource? source) && _waiting[source].TryPeek(out item);
    }

    /// <summary>Takes out whose turn it is; there must be one.</summary>
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
