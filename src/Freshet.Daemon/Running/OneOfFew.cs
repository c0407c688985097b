namespace Freshet.Daemon.Running;

/// <summary>Limits the number of concurrent operations; others wait for their turn.</summary>
internal sealed class OneOfFew(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _free = most;

    /// <summary>Runs something on another thread when it is its turn.</summary>
    public async Task RunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            _waiting.Enqueue(turn);
        }

        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
            await turn.Task.ConfigureAwait(false);
    }

    // Waiters that were cancelled are skipped.
    private void Release()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? next))
            {
                if (next.TrySetResult())
                    return;
            }

            _free++;
        }
    }
}
