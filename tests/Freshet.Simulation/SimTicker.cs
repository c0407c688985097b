using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>
/// Ticks one run of a program as the real shell does: soon after every input, and otherwise when the machine asks for it.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="tick">Ticks the run.</param>
/// <param name="nextDue">When the run asks to be ticked next.</param>
internal sealed class SimTicker(SimClock clock, Action<Timestamp> tick, Func<Timestamp, Timestamp> nextDue)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private Timestamp _next = Timestamp.Never;
    private bool _isOver;

    /// <summary>There was an input.</summary>
    public void TickSoon() => TickAt(clock.Now + Beat);

    /// <summary>The run is over, and no more ticks come.</summary>
    public void End() => _isOver = true;

    private void TickAt(Timestamp due)
    {
        if (due >= _next)
            return;
        _next = due;
        clock.At(due, () =>
        {
            if (_isOver || _next != due)
                return;
            tick(clock.Now);
            _next = Timestamp.Never;
            Timestamp next = nextDue(clock.Now);
            TickAt(next > clock.Now + Beat ? next : clock.Now + Beat);
        });
    }
}
