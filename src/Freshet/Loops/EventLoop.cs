using System.Diagnostics.CodeAnalysis;
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

    // A queue that has become longer than this is cut back once it is empty.
    private const int MaxIdleCapacity = 64;

    // Also the lock of both: an idle loop has a small queue and nothing else.
    private readonly Queue<ILoopItem> _items = new();
    private readonly Action<Exception> _onFault;
    private bool _isScheduled;
    private int _thread;

    /// <param name="onFault">
    /// Receives an exception that escaped an item, which is always a bug. The loop continues, even if this throws.
    /// </param>
    public EventLoop(Action<Exception> onFault) => _onFault = onFault;

    public void Post(ILoopItem item)
    {
        if (Add(item))
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Post(Action action) => Post(new ActionItem(action));

    /// <summary>
    /// Posts an item and, if nobody runs the loop, runs a turn of it now, on this thread: waking another thread would cost more than most
    /// items do. For callers that hold no lock and are not inside a loop item.
    /// </summary>
    public void PostAndRun(ILoopItem item)
    {
        if (Add(item))
            RunTurn();
    }

    /// <summary>Throws unless called from an item of this loop.</summary>
    public void AssertCurrent([CallerMemberName] string caller = "")
    {
        if (_thread != Environment.CurrentManagedThreadId)
            ThrowNotOwner(caller);
    }

    void IThreadPoolWorkItem.Execute() => RunTurn();

    /// <summary>Adds an item; returns whether the caller must see to it that the loop runs.</summary>
    private bool Add(ILoopItem item)
    {
        lock (_items)
        {
            _items.Enqueue(item);
            return !_isScheduled && (_isScheduled = true);
        }
    }

    private void RunTurn()
    {
        _thread = Environment.CurrentManagedThreadId;
        for (int i = 0; i < ItemsPerTurn; i++)
        {
            if (!TryTake(out ILoopItem? item))
                return;
            RunOne(item);
        }

        _thread = 0;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Takes the next item; if there is none, the turn is over, and the next item starts another.</summary>
    private bool TryTake([NotNullWhen(true)] out ILoopItem? item)
    {
        lock (_items)
        {
            if (_items.TryDequeue(out item))
                return true;
            if (_items.Capacity > MaxIdleCapacity)
                _items.TrimExcess();
            _thread = 0;
            _isScheduled = false;
            return false;
        }
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
