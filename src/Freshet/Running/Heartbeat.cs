using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// The one timer of a session: ticks ten times a second, hands the moment to everyone who asked for it, and knows how late it was.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Action<Timestamp> _onTick;
    private readonly Timer _timer;
    private int _ticking;
    private Timestamp _previous;

    public Heartbeat(Action<Timestamp> onTick)
    {
        _onTick = onTick;
        _previous = Clock.Now;
        _timer = new Timer(static state => ((Heartbeat)state!).Tick(), this, Interval, Interval);
    }

    /// <summary>How much later than due the last tick was: much of it says that the machine is overloaded.</summary>
    public TimeSpan Lateness { get; private set; }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // A tick that takes longer than the interval is not overtaken by the next.
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
            return;
        Timestamp now = Clock.Now;
        Lateness = TimeSpan.FromTicks(Math.Max(0, (now - _previous - Interval).Ticks));
        _previous = now;
        try
        {
            _onTick(now);
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
