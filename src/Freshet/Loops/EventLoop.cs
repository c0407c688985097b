using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Freshet.Loops;

/// <summary>
/// A mailbox whose items run one at a time, on the thread pool or on the posting thread: whoever runs the loop has exclusive access to its
/// state. An idle loop costs nothing.
/// </summary>
internal sealed class EventLoop : IThreadPoolWorkItem
{
    // After this many items, other loops get their turn.
    private const int ItemsPerTurn = 64;

    private readonly ConcurrentQueue<ILoopItem> _items = new();
    private readonly Action<Exception> _onFault;
    private int _scheduled;
    private int _thread;

    /// <param name="onFault">
    /// Receives an exception that escaped an item, which is always a bug. The loop continues, even if this throws.
    /// </param>
    public EventLoop(Action<Exception> onFault) => _onFault = onFault;

    public void Post(ILoopItem item)
    {
        _items.Enqueue(item);
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Post(Action action) => Post(new ActionItem(action));

    /// <summary>
    /// Posts an item and, if nobody runs the loop, runs a turn of it now, on this thread: waking another thread would cost more than most
    /// items do. For callers that hold no lock and are not inside a loop item.
    /// </summary>
    public void PostAndRun(ILoopItem item)
    {
        _items.Enqueue(item);
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            RunTurn();
    }

    /// <summary>Throws unless called from an item of this loop.</summary>
    public void AssertCurrent([CallerMemberName] string caller = "")
    {
        if (_thread != Environment.CurrentManagedThreadId)
            ThrowNotOwner(caller);
    }

    void IThreadPoolWorkItem.Execute() => RunTurn();

    private void RunTurn()
    {
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            for (int i = 0; i < ItemsPerTurn && _items.TryDequeue(out ILoopItem? item); i++)
                RunOne(item);
        }
        finally
        {
            // In any case: a loop that stays marked as scheduled never runs again.
            EndTurn();
        }
    }

    private void EndTurn()
    {
        _thread = 0;
        Volatile.Write(ref _scheduled, 0);
        Interlocked.MemoryBarrier();
        if (!_items.IsEmpty && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void RunOne(ILoopItem item)
    {
#pragma warning disable CA1031 // One bad item must not stop the others.
        try
        {
            item.Run();
        }
        catch (Exception e)
        {
            Faults.Report(_onFault, e);
        }
#pragma warning restore CA1031
    }

    private static void ThrowNotOwner(string caller) =>
        throw new InvalidOperationException($"{caller} was called from outside the loop that owns this state.");

    private sealed class ActionItem(Action action) : ILoopItem
    {
        public void Run() => action();
    }
}
