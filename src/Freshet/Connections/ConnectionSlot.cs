namespace Freshet.Connections;

/// <summary>
/// One connection's place in the <see cref="ConnectionBudget"/>, given back when disposed; a dial's is half-open at first.
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

    /// <summary>The handshakes are done: another dial may begin.</summary>
    public void Establish() => Interlocked.Exchange(ref _halfOpen, null)?.Release();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Establish();
        _budget.Release();
    }
}
