using Freshet.Core;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// How long a torrent waits for its disk: for ever while it runs, and for <see cref="Limits.DiskStopTime"/> once its end is wanted. Whoever
/// waits for the disk does so with the token, and leaves behind what hangs: nobody is there any more to go on when it answers after all.
/// </summary>
/// <param name="time">What time passes.</param>
// The source has no wait handle, and the timer is disposed of with each end.
#pragma warning disable CA1001
internal sealed class DiskPatience(TimeProvider time)
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new();
    private ITimer? _timer;
    private int _ends;

    /// <summary>Cancelled when the disk is given up on.</summary>
    public CancellationToken Token => Volatile.Read(ref _source).Token;

    /// <summary>Whether the disk was given up on, and not tried again since.</summary>
    public bool IsOver => Token.IsCancellationRequested;

    /// <summary>Waits for an end, with all that comes before it, only so long.</summary>
    public async Task EndAsync(Func<Task> end)
    {
        lock (_lock)
        {
            if (_ends++ == 0)
                Begin();
        }

        try
        {
            await end().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (--_ends == 0)
                    _timer?.Dispose();
            }
        }
    }

    /// <summary>Whether something ends soon: what else may hang at an end is waited for only briefly.</summary>
    public async Task<bool> EndsInTimeAsync(Task task)
    {
        await Task.WhenAny(task, Task.Delay(Limits.LastStopTime, time)).ConfigureAwait(false);
        if (!task.IsCompleted)
        {
            Waiting.Leave(task);
            return false;
        }

        await task.ConfigureAwait(false);
        return true;
    }

    /// <summary>The disk is to be tried again, if it was given up on.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            if (!_source.IsCancellationRequested)
                return;
            Volatile.Write(ref _source, new CancellationTokenSource());
            if (_ends > 0)
                Begin();
        }
    }

    private void Begin()
    {
        _timer?.Dispose();
        _timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), _source, Limits.DiskStopTime, Timeout.InfiniteTimeSpan);
    }
}
