using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Simulation;

/// <summary>One peer's memory for blocks. When it is exhausted, whoever wants a block is called again once one is returned.</summary>
internal sealed class SimPool(SimClock clock, int capacity)
{
    private readonly List<byte[]> _blocks = [];
    private readonly HashSet<int> _rented = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<Action> _waiting = new();

    public int Rented => _rented.Count;

    public bool TryRent(Action whenThereIsOne, out BlockLease lease)
    {
        lease = BlockLease.None;
        if (_rented.Count == capacity)
        {
            _waiting.Enqueue(whenThereIsOne);
            return false;
        }

        if (!_free.TryPop(out int slot))
        {
            slot = _blocks.Count;
            _blocks.Add(new byte[Limits.BlockLength]);
        }

        _rented.Add(slot);
        lease = new BlockLease(slot);
        return true;
    }

    public byte[] BytesOf(BlockLease lease) => _blocks[lease.Slot];

    public void Return(BlockLease lease)
    {
        if (!_rented.Remove(lease.Slot))
            throw new SimFailureException($"block {lease.Slot} was returned twice");

        // Makes the use of returned memory visible.
        _blocks[lease.Slot].AsSpan().Fill(0xDD);
        _free.Push(lease.Slot);
        clock.After(default, WakeNext);
    }

    // A waiting connection may have closed in the meantime, or have been served already: then it is the turn of the next.
    private void WakeNext()
    {
        while (_rented.Count < capacity && _waiting.TryDequeue(out Action? waits))
            waits();
    }
}
