using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The deadlines of all connections. A deadline that moves later is only recorded, since almost every packet moves one; when the old
/// deadline arrives, the entry moves to its new slot. Entries that are whole turns of the wheel apart share a slot, which knows the first
/// of them, so that connections at rest wake nobody before their time.
/// </summary>
internal sealed class TimerWheel
{
    private const int Slots = 512;
    private static readonly long Tick = TimeSpan.FromMilliseconds(4).Ticks;

    private readonly TimerEntry?[] _slots = new TimerEntry?[Slots];
    private readonly ulong[] _used = new ulong[Slots / 64];

    // No entry of the slot has an earlier tick; one that had it may have been removed.
    private readonly long[] _first = new long[Slots];
    private long _now;

    /// <summary>When to call <see cref="Advance"/>, which may then find nothing due.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            long next = long.MaxValue;
            for (int i = 0; i < Slots; i++)
            {
                int slot = (int)((_now + i) % Slots);
                ulong rest = _used[slot / 64] >> (slot % 64);
                if (rest == 0)
                {
                    i += 63 - (slot % 64);
                    continue;
                }

                int unused = System.Numerics.BitOperations.TrailingZeroCount(rest);
                i += unused;
                next = Math.Min(next, _first[slot + unused]);

                // All later slots are due later.
                if (next <= _now + i)
                    break;
            }

            return next == long.MaxValue ? Timestamp.Never : new Timestamp(next * Tick);
        }
    }

    /// <summary>Sets the deadline of an entry; never, if it has none.</summary>
    public void Set(TimerEntry entry, Timestamp deadline)
    {
        entry.Deadline = deadline;
        if (deadline == Timestamp.Never)
        {
            Remove(entry);
            return;
        }

        // Rounded up, so that an entry is not reported before it is due.
        long tick = Math.Max((deadline.Ticks + Tick - 1) / Tick, _now);
        if (entry.Slot >= 0 && entry.Tick <= tick)
            return;
        Remove(entry);
        Add(entry, tick);
    }

    public void Remove(TimerEntry entry)
    {
        if (entry.Slot < 0)
            return;
        if (entry.Previous is { } previous)
            previous.Next = entry.Next;
        else
            _slots[entry.Slot] = entry.Next;
        if (entry.Next is { } next)
            next.Previous = entry.Previous;
        if (_slots[entry.Slot] is null)
            _used[entry.Slot / 64] &= ~(1UL << (entry.Slot % 64));
        entry.Next = entry.Previous = null;
        entry.Slot = -1;
    }

    /// <summary>Removes and returns an entry that is due; null if there is none.</summary>
    public TimerEntry? Advance(Timestamp now)
    {
        long tick = now.Ticks / Tick;

        // After a long time without calls, every slot is due once.
        _now = Math.Max(_now, tick - Slots + 1);
        while (_now <= tick)
        {
            if (Due(tick) is { } entry)
                return entry;
            if (_now == tick)
                return null;
            _now++;
        }

        return null;
    }

    private TimerEntry? Due(long tick)
    {
        int slot = (int)(_now % Slots);
        long first = long.MaxValue;
        for (TimerEntry? entry = _slots[slot]; entry is not null;)
        {
            TimerEntry? next = entry.Next;
            if (entry.Tick <= tick)
            {
                Remove(entry);
                long wanted = (entry.Deadline.Ticks + Tick - 1) / Tick;
                if (wanted <= tick)
                    return entry;
                Add(entry, wanted);
            }

            if (entry.Slot == slot)
                first = Math.Min(first, entry.Tick);
            entry = next;
        }

        _first[slot] = first;
        return null;
    }

    private void Add(TimerEntry entry, long tick)
    {
        entry.Tick = tick;
        entry.Slot = (int)(tick % Slots);
        entry.Previous = null;
        entry.Next = _slots[entry.Slot];
        if (entry.Next is { } next)
            next.Previous = entry;
        _slots[entry.Slot] = entry;
        _first[entry.Slot] = entry.Next is null ? tick : Math.Min(_first[entry.Slot], tick);
        _used[entry.Slot / 64] |= 1UL << (entry.Slot % 64);
    }
}
