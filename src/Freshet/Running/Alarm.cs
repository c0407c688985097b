using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// One owner's entry in <see cref="Alarms"/>. It rings once each time it is set, never early, at the first heartbeat after its time. It is
/// set by one thread at a time: its owner's loop.
/// </summary>
/// <param name="alarms">The session's alarms.</param>
/// <param name="ring">Called by the heartbeat when the alarm is due, so it must return at once, for example by posting something.</param>
internal sealed class Alarm(Alarms alarms, Action ring)
{
    private long _next = Timestamp.Never.Ticks;

    /// <summary>The time it was last set to. It stays, past or not, until the owner sets it again.</summary>
    public Timestamp Next => new(Volatile.Read(ref _next));

    /// <summary>The time by which it is ordered in the heap; maintained by <see cref="Alarms"/>, as is <see cref="Place"/>.</summary>
    public Timestamp Due { get; set; }

    /// <summary>The index in the heap; -1 if it is not in it.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Replaces the time it is set to; <see cref="Timestamp.Never"/> cancels it.</summary>
    public void Set(Timestamp due)
    {
        Volatile.Write(ref _next, due.Ticks);
        alarms.Set(this, due);
    }

    /// <summary>
    /// Makes it ring at the next beat, unless it will anyway, or has rung and its owner is about to run. Cheap to call often.
    /// </summary>
    public void SetSoon(Timestamp now)
    {
        if (_next > now.Ticks)
            Set(now);
    }

    public void Ring() => ring();
}
