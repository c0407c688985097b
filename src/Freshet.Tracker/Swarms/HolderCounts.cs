using System.Runtime.InteropServices;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// The number of peers of each holder of addresses, in all swarms together. Contains exactly the holders that have some. Most have one, so
/// there are about as many holders as peers, and a general dictionary would take more memory for each than its peer does.
/// </summary>
internal sealed class HolderCounts
{
    // Below this it is not worth giving memory back.
    private const int SmallLength = 1_024;

    // A power of two in length, at most three quarters full: each holder at its hash or in the next free slots behind it.
    private Slot[] _slots = new Slot[4];
    private int _used;

    public int this[UInt128 holder] => _slots[SlotOf(holder)].Count;

    public void Add(UInt128 holder)
    {
        int slot = SlotOf(holder);
        if (_slots[slot].Count > 0)
        {
            _slots[slot].Count++;
            return;
        }

        if (4 * (long)(_used + 1) > 3 * (long)_slots.Length)
        {
            Resize(2 * _slots.Length);
            slot = SlotOf(holder);
        }

        _slots[slot] = Slot.Of(holder);
        _used++;
    }

    public void Remove(UInt128 holder)
    {
        int slot = SlotOf(holder);
        if (_slots[slot].Count > 1)
        {
            _slots[slot].Count--;
        }
        else if (_slots[slot].Count == 1)
        {
            _used--;
            Free(slot);
            if (_slots.Length > SmallLength && _used < _slots.Length / 8)
                Resize(_slots.Length / 4);
        }
    }

    private int HomeOf(UInt128 holder) => KeyedHash.Instance.GetHashCode(holder) & (_slots.Length - 1);

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    // Where it is, or the free slot where it belongs.
    private int SlotOf(UInt128 holder)
    {
        int slot = HomeOf(holder);
        while (_slots[slot].Count > 0 && _slots[slot].Holder != holder)
            slot = Next(slot);
        return slot;
    }

    private void Resize(int length)
    {
        Slot[] before = _slots;
        _slots = new Slot[length];
        foreach (Slot slot in before)
        {
            if (slot.Count > 0)
                _slots[SlotOf(slot.Holder)] = slot;
        }
    }

    // What lies behind moves up, unless it would come before its home.
    private void Free(int hole)
    {
        int mask = _slots.Length - 1;
        for (int slot = Next(hole); _slots[slot].Count > 0; slot = Next(slot))
        {
            int home = HomeOf(_slots[slot].Holder);
            if (((slot - home) & mask) < ((slot - hole) & mask))
                continue;
            _slots[hole] = _slots[slot];
            hole = slot;
        }

        _slots[hole] = default;
    }

    // A holder has at most 65 bits (PeerAddress.Holder): twelve bytes with its count, whose sign says which family it is of.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Slot
    {
        private ulong _bits;
        private int _signedCount;

        public static Slot Of(UInt128 holder) => new() { _bits = (ulong)holder, _signedCount = holder >> 64 == 0 ? 1 : -1 };

        public readonly UInt128 Holder => new(_signedCount < 0 ? 1UL : 0UL, _bits);

        public int Count
        {
            readonly get => Math.Abs(_signedCount);
            set => _signedCount = _signedCount < 0 ? -value : value;
        }
    }
}
