using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>
/// Time that passes only from one scheduled action to the next, in the thread that made the clock. Actions at the same time run in the
/// order in which they were scheduled, so that a run depends only on its seed. Code that goes on in another thread fails the run.
/// </summary>
internal sealed class SimClock
{
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _sequence;
    private volatile SimFailureException? _stray;

    /// <summary>Long after the clock's zero, as on a machine that has been up for a day.</summary>
    public Timestamp Now { get; private set; } = new(TimeSpan.TicksPerDay);

    /// <summary>Called after each action.</summary>
    public Action? AfterEach { get; set; }

    /// <summary>Runs an action after a delay; without one, after everything that is due now.</summary>
    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs an action at a time that is not in the past.</summary>
    public void At(Timestamp when, Action action)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Nobody may await the code that gets the exception, so the run gets it as well.
            _stray = new SimFailureException($"simulated code has gone on in another thread:\n{Environment.StackTrace}");
            throw _stray;
        }

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
                ThrowIfStray();
                return condition();
            }

            Now = new Timestamp(next.Ticks);
            _queue.Dequeue()();
            ThrowIfStray();
            AfterEach?.Invoke();
        }

        return true;
    }

    private void ThrowIfStray()
    {
        if (_stray is { } stray)
            throw new SimFailureException(stray.Message, stray);
    }
}
