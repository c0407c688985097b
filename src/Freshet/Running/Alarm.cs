using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// One owner's place in the <see cref="Alarms"/>. It rings once for each time it is set, never before its time, and at the next beat of the
/// heartbeat after it. Set by one thread at a time: its owner's loop.
/// </summary>
/// <param name="alarms">Those of the session.</param>
/// <param name="ring">What to do when it is time. Called by the heartbeat, so it must return at once: post something.</param>
internal sealed class Alarm(Alarms alarms, Action ring)
{
    private long _next = Timestamp.Never.Ticks;

    /// <summary>When it was last set to ring. Until its owner sets it anew this stays, past or not.</summary>
    public Timestamp Next => new(Volatile.Read(ref _next));

    /// <summary>When it stands in the heap for; kept by <see cref="Alarms"/>, as is <see cref="Place"/>.</summary>
    public Timestamp Due { get; set; }

    /// <summary>Where it stands in the heap; -1 if it does not.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Sets it to ring then, and not at the time it was set to before; at <see cref="Timestamp.Never"/> not at all.</summary>
    public void Set(Timestamp due)
    {
        Volatile.Write(ref _next, due.Ticks);
        alarms.Set(this, due);
    }

    /// <summary>Has it ring at the next beat, unless it will, or has rung and its owner is about to hear it. Cheap to say often.</summary>
    public void SetSoon(Timestamp now)
    {
        if (_next > now.Ticks)
            Set(now);
    }

    public void Ring() => ring();
}
