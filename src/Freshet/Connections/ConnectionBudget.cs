namespace Freshet.Connections;

/// <summary>
/// A session's bound on its connections, and on those among them that have not shaken hands yet. Dials and incoming connections
/// have half-open places of their own, so that strangers who connect and stay silent cannot keep us from dialling.
/// </summary>
#pragma warning disable CA1001 // The semaphores hold nothing to dispose of, and late connections still release them.
internal sealed class ConnectionBudget
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _dials;
    private readonly SemaphoreSlim _incoming;
    private int _maxConnections;
    private int _connections;
    private int _queuedDials;

    /// <param name="maxConnections">The most connections, half-open ones counted.</param>
    /// <param name="maxHalfOpen">The most dials under way, and as many incoming connections without a handshake.</param>
    public ConnectionBudget(int maxConnections, int maxHalfOpen)
    {
        _maxConnections = maxConnections;
        _dials = new SemaphoreSlim(maxHalfOpen);
        _incoming = new SemaphoreSlim(maxHalfOpen);
    }

    /// <summary>Told when the system has less to give than the budget allows.</summary>
    public Action? OnShortage { get; init; }

    /// <summary>Connections now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The most connections. Lowering it closes none.</summary>
    public int MaxConnections
    {
        get => Volatile.Read(ref _maxConnections);
        set => Volatile.Write(ref _maxConnections, value);
    }

    /// <summary>Whether there is no room for another connection.</summary>
    public bool IsFull => Connections >= MaxConnections;

    /// <summary>Takes a place for a dial, once fewer are under way; null if there is no room, or too many wait.</summary>
    public async ValueTask<ConnectionSlot?> DialAsync(CancellationToken cancellationToken)
    {
        if (IsFull)
            return null;
        try
        {
            if (Interlocked.Increment(ref _queuedDials) > Core.Limits.MaxQueuedDials)
                return null;
            await _dials.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _queuedDials);
        }

        return TakeOrRelease(_dials);
    }

    /// <summary>Takes a place for an incoming connection, once fewer are without a handshake; null if there is no room.</summary>
    public async ValueTask<ConnectionSlot?> AcceptAsync(CancellationToken cancellationToken)
    {
        await _incoming.WaitAsync(cancellationToken).ConfigureAwait(false);
        return TakeOrRelease(_incoming);
    }

    internal void Release() => Interlocked.Decrement(ref _connections);

    private ConnectionSlot? TakeOrRelease(SemaphoreSlim halfOpen)
    {
        if (Interlocked.Increment(ref _connections) <= MaxConnections)
            return new ConnectionSlot(this, halfOpen);
        Interlocked.Decrement(ref _connections);
        halfOpen.Release();
        return null;
    }
}
