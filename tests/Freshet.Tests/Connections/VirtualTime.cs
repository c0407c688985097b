namespace Freshet.Tests.Connections;

/// <summary>A clock that stands still until it is told to go on, and its timers.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    /// <summary>Timers that are set.</summary>
    public int SetTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count(timer => timer.IsSet);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Goes on, a millisecond at a time, and runs the timers that are due.</summary>
    public void Advance(TimeSpan time)
    {
        for (long end = _now + time.Ticks; _now < end;)
        {
            Volatile.Write(ref _now, Math.Min(_now + TimeSpan.TicksPerMillisecond, end));
            VirtualTimer[] timers;
            lock (_lock)
                timers = [.. _timers];
            foreach (VirtualTimer timer in timers)
                timer.RunIfDue(_now);
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        private long _due = long.MaxValue;

        public bool IsSet => Volatile.Read(ref _due) != long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref _due, dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void RunIfDue(long now)
        {
            long due = Volatile.Read(ref _due);
            if (due <= now && Interlocked.CompareExchange(ref _due, long.MaxValue, due) == due)
                callback();
        }

        public void Dispose() => Interlocked.Exchange(ref _due, long.MaxValue);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
