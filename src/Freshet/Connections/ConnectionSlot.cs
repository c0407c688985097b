namespace Freshet.Connections;

/// <summary>
/// A connection's slot in the <see cref="ConnectionBudget"/>, released when disposed. The slot of a dial is half-open at first.
/// </summary>
internal sealed class ConnectionSlot : IDisposable
{
    private readonly ConnectionBudget _budget;
    private SemaphoreSlim? _halfOpen;
    private int _disposed;

    internal ConnectionSlot(ConnectionBudget budget, SemaphoreSlim? halfOpen)
    {
        _budget = budget;
        _halfOpen = halfOpen;
    }

    /// <summary>The handshakes are done: the slot is no longer half-open, so another dial may begin.</summary>
    public void Establish() => Interlocked.Exchange(ref _halfOpen, null)?.Release();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Establish();
        _budget.Release();
    }
}
