using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// A ring of requests in the order in which they were made, of fixed capacity; adding to a full ring drops the oldest. Peers answer nearly
/// in order, so searching from the oldest ends quickly, and removing near the front moves little.
/// </summary>
internal sealed class RequestRing(int capacity)
{
    private const int FirstSize = 16;

    private Entry[] _entries = [];
    private int _head;

    public int Count { get; private set; }

    /// <summary>When the oldest request was made; never if there is none.</summary>
    public Timestamp OldestAskedAt => Count == 0 ? Timestamp.Never : _entries[_head].AskedAt;

    /// <summary>A block by index, the oldest at 0.</summary>
    public BlockRef this[int index] => _entries[Slot(index)].Block;

    public void Add(BlockRef block, Timestamp askedAt)
    {
        if (Count == capacity)
            RemoveOldest();
        else if (Count == _entries.Length)
            Grow();
        _entries[Slot(Count)] = new Entry(block, askedAt);
        Count++;
    }

    /// <summary>Whether there is a request for the block.</summary>
    public bool Contains(BlockRef block)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[Slot(i)].Block == block)
                return true;
        }

        return false;
    }

    /// <summary>Removes a request; false if there is none for the block.</summary>
    public bool TryRemove(BlockRef block, out Timestamp askedAt)
    {
        for (int i = 0; i < Count; i++)
        {
            Entry entry = _entries[Slot(i)];
            if (entry.Block != block)
                continue;
            askedAt = entry.AskedAt;
            for (; i > 0; i--)
                _entries[Slot(i)] = _entries[Slot(i - 1)];
            RemoveOldest();
            return true;
        }

        askedAt = default;
        return false;
    }

    public BlockRef RemoveOldest()
    {
        BlockRef oldest = _entries[_head].Block;
        _head = Slot(1);
        Count--;
        return oldest;
    }

    // The size is always a power of two.
    private int Slot(int index) => (_head + index) & (_entries.Length - 1);

    private void Grow()
    {
        var larger = new Entry[Math.Max(FirstSize, _entries.Length * 2)];
        for (int i = 0; i < Count; i++)
            larger[i] = _entries[Slot(i)];
        _entries = larger;
        _head = 0;
    }

    private readonly record struct Entry(BlockRef Block, Timestamp AskedAt);
}
