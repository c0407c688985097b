using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// A read or write loop's place in the queues of <see cref="RateLimit"/>s. It is idle, queued at exactly one limit, or granted, in which
/// case its loop is woken.
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

    /// <summary>The number of bytes requested.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether they are carried by TCP.</summary>
    public bool IsTcp { get; private set; }

    /// <summary>The limit below the one that it is queued at, by which turns are taken there.</summary>
    public RateLimit? Source { get; private set; }

    /// <summary>Whether it is queued.</summary>
    public bool IsQueued => Volatile.Read(ref _state) == (int)State.Queued;

    /// <summary>Whether it was withdrawn.</summary>
    public bool IsWithdrawn => Volatile.Read(ref _state) == (int)State.Withdrawn;

    /// <summary>The total time it has waited, with the limit it waited for last.</summary>
    public HeldByLimit HeldFor(TimeSpan total) => _heldBy is { } limit ? new(total, limit.Rate, limit.Scope) : default;

    /// <summary>Collects the grant, once.</summary>
    public bool TryCollect() => Interlocked.CompareExchange(ref _state, (int)State.Idle, (int)State.Granted) == (int)State.Granted;

    /// <summary>Leaves all queues for good.</summary>
    public void Withdraw() => Volatile.Write(ref _state, (int)State.Withdrawn);

    internal void Begin(int bytes, bool isTcp)
    {
        Bytes = bytes;
        IsTcp = isTcp;
        Volatile.Write(ref _state, (int)State.Queued);
    }

    internal void Hold(RateLimit limit, RateLimit source)
    {
        Source = source;
        _heldBy = limit;
    }

    internal void Grant()
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Granted, (int)State.Queued) == (int)State.Queued)
            _wake.Set();
    }

    internal void Reset() => Interlocked.CompareExchange(ref _state, (int)State.Idle, (int)State.Queued);
}
