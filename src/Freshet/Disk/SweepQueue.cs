using System.Diagnostics.CodeAnalysis;

namespace Freshet.Disk;

/// <summary>
/// Work of several owners, in turn, each owner's in the order in which it lies on the disk. What waits when an owner's sweep begins is
/// taken in that order; what comes later waits for the next sweep. So a disk moves from end to end instead of to and fro, and nothing waits
/// for more than one sweep before its own: a stream of reads at one place does not keep others waiting. Work at the same place is taken in
/// the order in which it came. Not thread-safe; owners limit what they queue.
/// </summary>
/// <param name="turn">The number of items of an owner in a row.</param>
internal sealed class SweepQueue<T>(int turn)
{
    private readonly Dictionary<object, Waiting> _byOwner = [];
    private readonly Queue<Waiting> _turns = new();
    private Waiting? _current;
    private int _left;
    private long _number;

    public int Count { get; private set; }

    /// <summary>Adds work.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="place">Where it lies, in any measure that grows along the owner's data.</param>
    /// <param name="item">The work.</param>
    public void Add(object owner, long place, T item)
    {
        Count++;
        if (!_byOwner.TryGetValue(owner, out Waiting? waiting))
        {
            _byOwner.Add(owner, waiting = new Waiting(owner));
            _turns.Enqueue(waiting);
        }

        waiting.Later.Add(new Entry(place, _number++, item));
    }

    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (_current is null)
        {
            if (!_turns.TryDequeue(out _current))
            {
                item = default;
                return false;
            }

            _left = turn;
        }

        Waiting waiting = _current;
        item = waiting.Take();
        Count--;
        if (waiting.IsEmpty)
        {
            _byOwner.Remove(waiting.Owner);
            _current = null;
        }
        else if (--_left == 0)
        {
            _turns.Enqueue(waiting);
            _current = null;
        }

        return true;
    }

    private readonly record struct Entry(long Place, long Number, T Item);

    private sealed class Waiting(object owner)
    {
        private List<Entry> _sweep = [];
        private int _next;

        public object Owner => owner;

        /// <summary>What came since the sweep began.</summary>
        public List<Entry> Later { get; private set; } = [];

        public bool IsEmpty => _next == _sweep.Count && Later.Count == 0;

        public T Take()
        {
            if (_next == _sweep.Count)
            {
                _sweep.Clear();
                (_sweep, Later, _next) = (Later, _sweep, 0);
                _sweep.Sort(static (one, other) => (one.Place, one.Number).CompareTo((other.Place, other.Number)));
            }

            return _sweep[_next++].Item;
        }
    }
}
