using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class TimerWheelTests
{
    private readonly TimerWheel _wheel = new();

    [Fact]
    public void Entries_are_due_at_their_time_and_not_before()
    {
        Random random = new(1);
        Entry[] entries = [.. Enumerable.Range(0, 500).Select(static _ => new Entry())];
        foreach (Entry entry in entries)
            _wheel.Set(entry, At(random.Next(1, 20_000)));
        foreach (Entry entry in entries.Where(static (_, i) => i % 3 == 0))
            _wheel.Set(entry, At(random.Next(1, 20_000)));
        for (int now = 0; now <= 20_010; now += random.Next(1, 30))
        {
            while (_wheel.Advance(At(now)) is Entry due)
            {
                Assert.InRange((At(now) - due.Deadline).TotalMilliseconds, 0, 40);
                Assert.False(due.WasDue);
                due.WasDue = true;
            }

            Assert.True(_wheel.NextDeadline > At(now - 5));
        }

        while (_wheel.Advance(At(30_000)) is Entry due)
            due.WasDue = true;
        Assert.All(entries, static entry => Assert.True(entry.WasDue));
        Assert.Equal(Timestamp.Never, _wheel.NextDeadline);
    }

    [Fact]
    public void A_removed_entry_is_never_due()
    {
        Entry entry = new();
        _wheel.Set(entry, At(10));
        _wheel.Remove(entry);
        Assert.Null(_wheel.Advance(At(1_000)));
        _wheel.Set(entry, At(2_000));
        _wheel.Set(entry, Timestamp.Never);
        Assert.Null(_wheel.Advance(At(3_000)));
    }

    /// <summary>The wheel turns every two seconds: a slot is passed many times before such an entry is due.</summary>
    [Fact]
    public void An_entry_of_a_later_turn_wakes_nobody_before_its_time()
    {
        Entry entry = new();
        _wheel.Set(entry, At(29_000));
        Assert.Equal([29_000], Wakes(until: 60_000, static _ => Timestamp.Never));
    }

    [Fact]
    public void Two_hundred_connections_at_rest_wake_their_loop_once_for_each_packet()
    {
        const int Count = 200;
        const int KeepAlive = 29_000;
        Random random = new(1);
        for (int i = 0; i < Count; i++)
            _wheel.Set(new Entry(), At(random.Next(1, KeepAlive)));
        int packets = 0;
        List<int> wakes = Wakes(until: 10 * KeepAlive, now =>
        {
            packets++;
            return At(now + KeepAlive);
        });
        Assert.InRange(packets, 9 * Count, 10 * Count);
        Assert.InRange(wakes.Count, Count, packets);
    }

    [Fact]
    public void An_entry_that_replaces_an_earlier_one_of_its_slot_is_due_at_its_own_time()
    {
        Entry early = new();
        Entry late = new();
        _wheel.Set(early, At(4_000));
        _wheel.Set(late, At(4_000 + (3 * 2_048)));
        _wheel.Remove(early);
        Assert.InRange(Wakes(until: 20_000, static _ => Timestamp.Never).Count, 1, 2);
        Assert.True(late.WasDue);
    }

    /// <summary>When a loop wakes whose timer is set to the next deadline, with a resolution of a millisecond.</summary>
    /// <param name="until">The time at which it stops.</param>
    /// <param name="next">The next deadline of an entry that is due, given the time.</param>
    private List<int> Wakes(int until, Func<int, Timestamp> next)
    {
        List<int> wakes = [];
        int now = 0;
        Assert.Null(_wheel.Advance(At(0)));
        while (_wheel.NextDeadline != Timestamp.Never)
        {
            now += (int)Math.Max(1, Math.Ceiling((_wheel.NextDeadline - At(now)).TotalMilliseconds));
            if (now > until)
                break;
            wakes.Add(now);
            while (_wheel.Advance(At(now)) is Entry due)
            {
                Assert.InRange((At(now) - due.Deadline).TotalMilliseconds, 0, 5);
                due.WasDue = true;
                _wheel.Set(due, next(now));
            }
        }

        return wakes;
    }

    private static Timestamp At(int milliseconds) => new(TimeSpan.TicksPerDay + (milliseconds * TimeSpan.TicksPerMillisecond));

    private sealed class Entry : TimerEntry
    {
        public bool WasDue { get; set; }
    }
}
