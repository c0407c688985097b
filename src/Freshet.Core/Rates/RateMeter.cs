using System.Runtime.CompilerServices;

namespace Freshet.Core.Rates;

/// <summary>
/// Measures bytes per second over the last five seconds, in a ring of half-second slots. The sum in a slot always belongs to the half
/// second given by <see cref="_slot"/> and the slot's place in the ring.
/// </summary>
internal sealed class RateMeter
{
    private const int SlotCount = 10;
    private const long SlotTicks = TimeSpan.TicksPerSecond / 2;

    private readonly Timestamp _begin;
    private Slots _slots;
    private long _sum;
    private long _slot;

    /// <param name="now">The current time, from which bytes are counted.</param>
    public RateMeter(Timestamp now)
    {
        _begin = now;
        _slot = now.Ticks / SlotTicks;
    }

    /// <summary>The total of all bytes counted.</summary>
    public long Total { get; private set; }

    /// <summary>Counts bytes.</summary>
    public void Add(long bytes, Timestamp now)
    {
        Advance(now);
        _slots[(int)(_slot % SlotCount)] += bytes;
        _sum += bytes;
        Total += bytes;
    }

    /// <summary>
    /// The rate: the bytes counted in the window, divided by the window's length or the time since the start, whichever is shorter.
    /// </summary>
    public DataRate RateAt(Timestamp now)
    {
        Advance(now);
        long window = ((SlotCount - 1) * SlotTicks) + Math.Max(0, now.Ticks - (_slot * SlotTicks));

        // Otherwise a single block in the first second would look like a very high rate.
        long age = Math.Max((now - _begin).Ticks, TimeSpan.TicksPerSecond);
        return new DataRate((long)((double)_sum * TimeSpan.TicksPerSecond / Math.Min(window, age)));
    }

    private void Advance(Timestamp now)
    {
        long slot = now.Ticks / SlotTicks;
        if (slot - _slot >= SlotCount)
        {
            _slots = default;
            _sum = 0;
            _slot = slot;
        }

        while (_slot < slot)
        {
            ref long next = ref _slots[(int)(++_slot % SlotCount)];
            _sum -= next;
            next = 0;
        }
    }

    [InlineArray(SlotCount)]
    private struct Slots
    {
        private long _first;
    }
}
