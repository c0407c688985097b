using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>
/// Time that passes only from one scheduled action to the next, in one thread. Actions at the same time run in the order in which they were
/// scheduled, so that a run depends only on its seed.
/// </summary>
internal sealed class SimClock
{
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _queue = new();
    private long _sequence;

    /// <summary>Long after the clock's zero, as on a machine that has been up for a day.</summary>
    public Timestamp Now { get; private set; } = new(TimeSpan.TicksPerDay);

    /// <summary>Called after each action.</summary>
    public Action? AfterEach { get; set; }

    /// <summary>Runs an action after a delay; without one, after everything that is due now.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs an action at a time that is not in the past.</summary>
    public void At(Timestamp when, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(when, Now);
        _queue.Enqueue(action, (when.Ticks, _sequence++));
    }

    /// <summary>Lets time pass until a condition holds; returns false if it does not hold in time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        Timestamp end = Now + within;
        while (!condition())
        {
            if (!_queue.TryPeek(out _, out (long Ticks, long Sequence) next) || next.Ticks > end.Ticks)
            {
                Now = end;
                return condition();
            }

            Now = new Timestamp(next.Ticks);
            _queue.Dequeue()();
            AfterEach?.Invoke();
        }

        return true;
    }
}
