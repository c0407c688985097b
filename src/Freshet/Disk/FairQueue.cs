using System.Diagnostics.CodeAnalysis;

namespace Freshet.Disk;

/// <summary>
/// Work of several owners, in turn: a number of items of one, then of the next, each owner's in the order in which they came. However much
/// one owner queues, another waits for one of its turns at most. Not thread-safe; owners limit what they queue.
/// </summary>
/// <param name="turn">The number of items in a row.</param>
internal sealed class FairQueue<T>(int turn)
{
    // More are not worth their memory.
    private const int MaxSpare = 16;

    private readonly Dictionary<object, Queue<T>> _byOwner = [];
    private readonly Queue<(object Owner, Queue<T> Items)> _waiting = new();
    private readonly Stack<Queue<T>> _spare = new();
    private (object Owner, Queue<T> Items)? _current;
    private int _left;

    public int Count { get; private set; }

    public void Add(object owner, in T item)
    {
        Count++;
        if (!_byOwner.TryGetValue(owner, out Queue<T>? items))
        {
            if (!_spare.TryPop(out items))
                items = new Queue<T>();
            _byOwner.Add(owner, items);
            _waiting.Enqueue((owner, items));
        }

        items.Enqueue(item);
    }

    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (_current is null)
        {
            if (!_waiting.TryDequeue(out (object Owner, Queue<T> Items) next))
            {
                item = default;
                return false;
            }

            _current = next;
            _left = turn;
        }

        (object owner, Queue<T> items) = _current.Value;
        item = items.Dequeue();
        Count--;
        _left--;
        if (items.Count == 0)
        {
            _current = null;
            _byOwner.Remove(owner);
            if (_spare.Count < MaxSpare)
                _spare.Push(items);
        }
        else if (_left == 0)
        {
            _current = null;
            _waiting.Enqueue((owner, items));
        }

        return true;
    }
}
