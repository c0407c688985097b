namespace Freshet.Loops;

/// <summary>Waits for work that continues after its caller has stopped waiting.</summary>
internal static class Waiting
{
    /// <summary>Like WaitAsync, but if the wait is cancelled, a later failure of the work is marked as observed.</summary>
    /// <param name="work">The work to wait for.</param>
    /// <param name="givenUp">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static async Task WaitOrLeaveAsync(this Task work, CancellationToken givenUp)
    {
        try
        {
            await work.WaitAsync(givenUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (givenUp.IsCancellationRequested)
        {
            Leave(work);
            throw;
        }
    }

    /// <inheritdoc cref="WaitOrLeaveAsync(Task, CancellationToken)"/>
    public static async Task<T> WaitOrLeaveAsync<T>(this Task<T> work, CancellationToken givenUp)
    {
        await WaitOrLeaveAsync((Task)work, givenUp).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    /// <summary>Abandons work. That it may fail is expected, and not reported as an unobserved exception.</summary>
    public static void Leave(Task work) => work.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
