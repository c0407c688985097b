using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class QueueingDelayTests
{
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan QueueBack = TimeSpan.FromMilliseconds(150);

    private readonly QueueingDelay _delay = new();
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void A_queue_on_the_way_back_does_not_count_although_our_minimum_rises_a_little()
    {
        Send(TimeSpan.FromSeconds(121), Way, 2 * Way);

        // The minimum of two minutes ago is forgotten, and that of the last two is a little higher.
        Send(TimeSpan.FromSeconds(240), Way + TimeSpan.FromMicroseconds(3), (2 * Way) + QueueBack);
        Assert.True(_delay.Current < TimeSpan.FromMilliseconds(1), $"{_delay.Current} is no queue of ours");
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_look_like_a_queue()
    {
        Send(TimeSpan.FromSeconds(10), Way, 2 * Way);
        Send(TimeSpan.FromSeconds(1), Way - TimeSpan.FromMinutes(10), 2 * Way);
        Assert.True(_delay.Current < TimeSpan.FromMilliseconds(1), $"{_delay.Current} is no queue");
        TimeSpan queue = TimeSpan.FromMilliseconds(50);
        Send(TimeSpan.FromSeconds(1), Way - TimeSpan.FromMinutes(10) + queue, (2 * Way) + queue);
        Assert.Equal(queue, _delay.Current);
    }

    // Ten acknowledgements per second, each with the peer's measurement.
    private void Send(TimeSpan duration, TimeSpan oneWay, TimeSpan roundTrip)
    {
        Timestamp end = _now + duration;
        for (; _now < end; _now += TimeSpan.FromMilliseconds(100))
            _delay.OnAcknowledged((uint)(long)oneWay.TotalMicroseconds, roundTrip, _now);
    }
}
