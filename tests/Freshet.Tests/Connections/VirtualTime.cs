using System.Diagnostics;

namespace Freshet.Tests.Connections;

/// <summary>A clock that stands still until it is advanced, and its timers.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    /// <summary>The number of timers that are set.</summary>
    public int SetTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count(timer => timer.IsSet);
        }
    }

    /// <summary>How far it has advanced.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(GetTimestamp() - TimeSpan.TicksPerDay);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2001, 2, 3, 0, 0, 0, TimeSpan.Zero) + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Advances a millisecond at a time, and runs the timers that are due.</summary>
    public void Advance(TimeSpan time)
    {
        for (long end = _now + time.Ticks; _now < end;)
        {
            Volatile.Write(ref _now, Math.Min(_now + TimeSpan.TicksPerMillisecond, end));
            VirtualTimer[] due;
            lock (_lock)
            {
                if (_timers.Count == 0)
                    Volatile.Write(ref _now, end);
                due = [.. _timers.Where(timer => timer.Due <= _now)];
            }

            foreach (VirtualTimer timer in due)
                timer.RunIfDue(_now);
        }
    }

    /// <summary>Advances until the condition holds, slowly enough for threads to do what they have been woken for.</summary>
    /// <param name="condition">The condition that is awaited.</param>
    /// <param name="step">How far it advances at once.</param>
    /// <param name="settle">Waits until a thread outside the pool has had its turn.</param>
    public async Task PassUntil(Func<bool> condition, TimeSpan? step = null, Func<Task>? settle = null)
    {
        using CancellationTokenSource bound = new(Patience.Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            Advance(step ?? TimeSpan.FromMilliseconds(100));
            long began = Stopwatch.GetTimestamp();
            await Task.Delay(Turn, bound.Token);

            // Where this thread had to wait for its turn, so have the others, sockets and disks among them.
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            if (took > 2 * Turn)
                await Task.Delay(TimeSpan.FromTicks(Math.Min(3 * took.Ticks, MaxPause.Ticks)), bound.Token);
            if (settle is not null)
                await settle();
            await QueueAsync();
        }
    }

    // On a busy machine too, whatever timers have woken, and whatever that wakes in turn, has run once the work queued behind it has run.
    private static async Task QueueAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Factory.StartNew(
                static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        }
    }

    private void Remove(VirtualTimer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        private long _due = long.MaxValue;
        private long _period;

        public long Due => Volatile.Read(ref _due);

        public bool IsSet => Due != long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Volatile.Write(ref _period, period > TimeSpan.Zero ? period.Ticks : 0);
            Interlocked.Exchange(ref _due, dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void RunIfDue(long now)
        {
            long due = Due;
            long period = Volatile.Read(ref _period);
            long next = period > 0 ? due + period : long.MaxValue;
            if (due <= now && Interlocked.CompareExchange(ref _due, next, due) == due)
                callback();
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _due, long.MaxValue);
            time.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
