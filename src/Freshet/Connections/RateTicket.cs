using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// One read or write loop's place in the queues of <see cref="RateLimit"/>s. It is either idle, or queued at exactly one limit, or
/// granted; when it comes to be granted its loop is woken.
/// </summary>
internal sealed class RateTicket
{
    private readonly AsyncSignal _wake;
    private volatile RateLimit? _heldBy;
    private int _state;

    public RateTicket(AsyncSignal wake) => _wake = wake;

    private enum State
    {
        Idle,
        Queued,
        Granted,
        Withdrawn,
    }

    /// <summary>The bytes asked for.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether it is on its way.</summary>
    public bool IsQueued => Volatile.Read(ref _state) == (int)State.Queued;

    /// <summary>Whether its loop wants nothing any more.</summary>
    public bool IsWithdrawn => Volatile.Read(ref _state) == (int)State.Withdrawn;

    /// <summary>It has waited so long in all, last for the limit that is named.</summary>
    public HeldByLimit HeldFor(TimeSpan total) => _heldBy is { } limit ? new(total, limit.Rate, limit.Scope) : default;

    /// <summary>Takes what was granted, once.</summary>
    public bool TryCollect() => Interlocked.CompareExchange(ref _state, (int)State.Idle, (int)State.Granted) == (int)State.Granted;

    /// <summary>Leaves all queues, for good.</summary>
    public void Withdraw() => Volatile.Write(ref _state, (int)State.Withdrawn);

    internal void Begin(int bytes)
    {
        Bytes = bytes;
        Volatile.Write(ref _state, (int)State.Queued);
    }

    internal void Hold(RateLimit limit) => _heldBy = limit;

    internal void Grant()
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Granted, (int)State.Queued) == (int)State.Queued)
            _wake.Set();
    }

    internal void Reset() => Interlocked.CompareExchange(ref _state, (int)State.Idle, (int)State.Queued);
}
