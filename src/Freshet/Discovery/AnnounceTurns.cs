using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// The <see cref="AnnounceQueue"/> of a session, thread-safe and on the real clock. It uses a lock, since an announce takes milliseconds
/// and a turn less than a microsecond.
/// </summary>
internal sealed class AnnounceTurns : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly AnnounceQueue _queue = new();
    private readonly ITimer _timer;
    private readonly List<AnnounceTicket> _refused = [];
    private bool _isDisposed;

    public AnnounceTurns(TimeProvider time)
    {
        _time = time;
        _began = time.GetTimestamp();
        _timer = time.CreateTimer(
            static turns => ((AnnounceTurns)turns!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The number of queued announces.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _queue.Waiting;
        }
    }

    private Timestamp Now => new(_time.GetElapsedTime(_began).Ticks);

    /// <summary>Queues an announce. Once its turn is granted, it must be ended.</summary>
    public void Enter(AnnounceTurn turn)
    {
        lock (_lock)
        {
            if (_isDisposed)
                turn.Refuse(TrackerFault.PutOff, "the session has ended");
            else if (!_queue.TryAdd(turn, Now))
                turn.Refuse(TrackerFault.PutOff, "too many other announces wait for their turn");
            else
                Grant();
        }
    }

    /// <summary>Withdraws a queued announce; does nothing if its turn has come.</summary>
    public void Leave(AnnounceTurn turn)
    {
        lock (_lock)
        {
            if (_queue.TryCancel(turn))
                turn.Refuse(TrackerFault.PutOff, "the announce was taken back");
            Grant();
        }
    }

    /// <summary>Ends a turn that was granted.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="failure">Why the host could not be reached, if so; others queued for that host fail with the same reason.</param>
    public void End(AnnounceTurn turn, TurnEnd end, string? failure)
    {
        lock (_lock)
        {
            _queue.OnEnded(turn, end, _refused);
            RefuseAll(TrackerFault.Unreachable, failure ?? "the tracker could not be reached");
            Grant();
        }
    }

    /// <summary>Refuses all queued and all later announces.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            _queue.Clear(_refused);
            RefuseAll(TrackerFault.PutOff, "the session has ended");
        }
    }

    private void OnTime()
    {
        lock (_lock)
        {
            if (!_isDisposed)
                Grant();
        }
    }

    private void Grant()
    {
        Timestamp now = Now;
        _queue.TakeExpired(now, _refused);
        RefuseAll(TrackerFault.PutOff, "too many other announces came first");
        while (_queue.TryTake(now) is AnnounceTurn turn)
            turn.Grant();
        Timestamp next = _queue.NextDue;
        if (!_isDisposed)
            _timer.Change(next == Timestamp.Never ? Timeout.InfiniteTimeSpan : After(next, now), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan After(Timestamp next, Timestamp now) => next > now ? next - now + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;

    private void RefuseAll(TrackerFault fault, string reason)
    {
        foreach (AnnounceTicket refused in _refused)
            ((AnnounceTurn)refused).Refuse(fault, reason);
        _refused.Clear();
    }
}
