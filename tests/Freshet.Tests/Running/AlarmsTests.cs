using Freshet.Core.Rates;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class AlarmsTests
{
    private readonly Alarms _alarms = new();
    private readonly List<string> _rang = [];

    [Fact]
    public void Due_alarms_ring_once_in_the_order_of_their_times()
    {
        Create("late").Set(At(30));
        Create("early").Set(At(10));
        Create("middle").Set(At(20));
        _alarms.Ring(At(20));
        Assert.Equal(["early", "middle"], _rang);
        _alarms.Ring(At(29));
        _alarms.Ring(At(30));
        Assert.Equal(["early", "middle", "late"], _rang);
        Assert.Equal(0, _alarms.Count);
    }

    [Fact]
    public void An_alarm_that_is_reset_rings_only_at_the_new_time()
    {
        Alarm moved = Create("moved");
        moved.Set(At(10));
        moved.Set(At(30));
        _alarms.Ring(At(20));
        Assert.Empty(_rang);
        moved.Set(At(25));
        _alarms.Ring(At(40));
        Assert.Equal(["moved"], _rang);
    }

    [Fact]
    public void An_alarm_that_is_set_to_never_does_not_ring_and_leaves_nothing_behind()
    {
        Alarm alarm = Create("never");
        alarm.Set(At(10));
        alarm.Set(Timestamp.Never);
        Assert.Equal(0, _alarms.Count);
        _alarms.Ring(At(1_000));
        Assert.Empty(_rang);
    }

    [Fact]
    public void Soon_is_the_next_beat_and_never_later_than_the_time_that_was_set()
    {
        Alarm alarm = Create("soon");
        alarm.Set(At(100));
        alarm.SetSoon(At(10));
        Assert.Equal(At(10), alarm.Next);

        // It has rung, and its owner has not got to it yet, so it must not ring again.
        _alarms.Ring(At(12));
        alarm.SetSoon(At(13));
        _alarms.Ring(At(14));
        Assert.Equal(["soon"], _rang);
        alarm.Set(At(50));
        _alarms.Ring(At(50));
        Assert.Equal(["soon", "soon"], _rang);
    }

    [Fact]
    public void An_alarm_may_be_set_while_it_rings()
    {
        Alarm alarm = null!;
        int rang = 0;
        alarm = new Alarm(_alarms, () => alarm.Set(At(10 * (++rang + 1))));
        alarm.Set(At(10));
        for (int time = 0; time <= 50; time++)
            _alarms.Ring(At(time));
        Assert.Equal(5, rang);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_alarm_rings_exactly_when_it_is_due_whatever_is_set_and_moved(int seed)
    {
        Random random = new(seed);
        Timestamp?[] due = new Timestamp?[50];
        List<int> rang = [];
        Alarm[] alarms = [.. Enumerable.Range(0, due.Length).Select(i => new Alarm(_alarms, () => rang.Add(i)))];
        for (int time = 0; time < 5_000; time++)
        {
            int which = random.Next(due.Length);
            due[which] = random.Next(8) == 0 ? null : At(time + random.Next(100));
            alarms[which].Set(due[which] ?? Timestamp.Never);
            int[] expected = [.. Enumerable.Range(0, due.Length).Where(i => due[i] <= At(time)).Order()];
            rang.Clear();
            _alarms.Ring(At(time));
            Assert.Equal(expected, rang.Order());
            foreach (int i in expected)
                due[i] = null;
            Assert.Equal(due.Count(moment => moment is not null), _alarms.Count);
        }
    }

    private static Timestamp At(int seconds) => new(TimeSpan.FromSeconds(seconds).Ticks);

    private Alarm Create(string name) => new(_alarms, () => _rang.Add(name));
}
