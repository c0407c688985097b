using Freshet.Core;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// How long a torrent waits for its disk: forever while it runs, and for <see cref="Limits.DiskStopTime"/> once it is asked to stop. All
/// disk waits use the token. When it is cancelled they abandon what hangs, and nothing continues if the disk responds later.
/// </summary>
/// <param name="time">The clock.</param>
// The source has no wait handle, and the timer is disposed of with each end.
#pragma warning disable CA1001
internal sealed class DiskPatience(TimeProvider time)
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new();
    private CancellationTokenSource _asked = new();
    private ITimer? _timer;
    private int _ends;

    /// <summary>Cancelled when the disk is given up.</summary>
    public CancellationToken Token => Volatile.Read(ref _source).Token;

    /// <summary>Cancelled as soon as the torrent is asked to stop: work that is not needed for that ends.</summary>
    public CancellationToken Asked => Volatile.Read(ref _asked).Token;

    /// <summary>Whether the disk was given up and not retried since.</summary>
    public bool IsOver => Token.IsCancellationRequested;

    /// <summary>Waits for a stop and everything before it, within the time limit.</summary>
    public async Task EndAsync(Func<Task> end)
    {
        lock (_lock)
        {
            if (_ends++ == 0)
            {
                Begin();
                _asked.Cancel();
            }
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
                {
                    _timer?.Dispose();
                    Volatile.Write(ref _asked, new CancellationTokenSource());
                }
            }
        }
    }

    /// <summary>Waits briefly for something else that may hang during a stop, and returns whether it ended.</summary>
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

    /// <summary>Retries the disk if it was given up.</summary>
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
