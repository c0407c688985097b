namespace Freshet.Connections;

/// <summary>
/// A session's limits on connections, including dials in progress, and on those dials. Incoming connections count once they have completed
/// the handshake: strangers who connect and stay silent cannot keep us from dialling.
/// </summary>
#pragma warning disable CA1001 // The semaphore holds nothing to dispose of, and late dials still release it.
internal sealed class ConnectionBudget
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _dials;
    private readonly SemaphoreSlim _urgentDials = new(ConnectionLimits.MaxUrgentDials);
    private int _maxConnections;
    private int _connections;
    private int _queuedDials;

    /// <param name="maxConnections">The maximum number of connections, including dials in progress.</param>
    /// <param name="maxHalfOpen">The maximum number of dials in progress.</param>
    public ConnectionBudget(int maxConnections, int maxHalfOpen)
    {
        _maxConnections = maxConnections;
        _dials = new SemaphoreSlim(maxHalfOpen);
    }

    /// <summary>Called when the system provides less than the budget allows.</summary>
    public Action? OnShortage { get; init; }

    /// <summary>The current number of connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The maximum number of connections. Lowering it closes none.</summary>
    public int MaxConnections
    {
        get => Volatile.Read(ref _maxConnections);
        set => Volatile.Write(ref _maxConnections, value);
    }

    /// <summary>Whether there is no room for another connection.</summary>
    public bool IsFull => Connections >= MaxConnections;

    /// <summary>Takes a slot for a dial, once fewer are in progress; null if there is no room, or too many are waiting.</summary>
    /// <param name="isUrgent">Whether the dial need not wait for others, if few such dials are in progress.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<ConnectionSlot?> DialAsync(bool isUrgent, CancellationToken cancellationToken)
    {
        if (IsFull)
            return null;
        if (isUrgent && await _urgentDials.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
            return TakeOrRelease(_urgentDials);
        try
        {
            if (Interlocked.Increment(ref _queuedDials) > ConnectionLimits.MaxQueuedDials)
                return null;
            await _dials.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _queuedDials);
        }

        return TakeOrRelease(_dials);
    }

    /// <summary>Takes a slot for an incoming connection after its handshake; null if there is no room.</summary>
    public ConnectionSlot? TryTake() => TryTake(halfOpen: null);

    internal void Release() => Interlocked.Decrement(ref _connections);

    private ConnectionSlot? TakeOrRelease(SemaphoreSlim halfOpen)
    {
        ConnectionSlot? slot = TryTake(halfOpen);
        if (slot is null)
            halfOpen.Release();
        return slot;
    }

    private ConnectionSlot? TryTake(SemaphoreSlim? halfOpen)
    {
        if (Interlocked.Increment(ref _connections) <= MaxConnections)
            return new ConnectionSlot(this, halfOpen);
        Interlocked.Decrement(ref _connections);
        return null;
    }
}
