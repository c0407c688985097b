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

    private static Timestamp At(int milliseconds) => new(TimeSpan.TicksPerDay + (milliseconds * TimeSpan.TicksPerMillisecond));

    private sealed class Entry : TimerEntry
    {
        public bool WasDue { get; set; }
    }
}
