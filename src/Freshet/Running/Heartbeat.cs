using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// The one timer of a session: it ticks ten times a second, calls <c>onTick</c> with the time, and measures its own lateness.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Action<Timestamp> _onTick;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private int _ticking;
    private Timestamp _previous;

    /// <param name="onTick">Called at each tick, by one thread at a time.</param>
    /// <param name="onFault">
    /// Receives an exception that escaped a tick, which is always a bug. Neither it nor an exception of this callback may end the process
    /// or stop later ticks.
    /// </param>
    /// <param name="time">The clock.</param>
    public Heartbeat(Action<Timestamp> onTick, Action<Exception> onFault, TimeProvider time)
    {
        _time = time;
        _onTick = onTick;
        _onFault = onFault;
        _previous = time.Now();
        _timer = time.CreateTimer(static state => ((Heartbeat)state!).Tick(), this, Interval, Interval);
    }

    /// <summary>How late the last tick was: a large value means that the machine is overloaded.</summary>
    public TimeSpan Lateness { get; private set; }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // Ticks do not overlap if one takes longer than the interval.
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
            return;
        Timestamp now = _time.Now();
        Lateness = TimeSpan.FromTicks(Math.Max(0, (now - _previous - Interval).Ticks));
        _previous = now;
#pragma warning disable CA1031 // See onFault.
        try
        {
            _onTick(now);
        }
        catch (Exception e)
        {
            Faults.Report(_onFault, e);
        }
#pragma warning restore CA1031
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
