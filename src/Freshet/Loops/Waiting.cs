namespace Freshet.Loops;

/// <summary>Waits for work that goes on when nobody waits for it any more.</summary>
internal static class Waiting
{
    /// <summary>As WaitAsync; whoever leaves takes care that a later failure is not reported as overlooked.</summary>
    /// <param name="work">What to wait for.</param>
    /// <param name="givenUp">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was given up.</exception>
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

    /// <summary>Nobody waits for it. That it may fail is expected, and no bug that is to be reported.</summary>
    public static void Leave(Task work) => work.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
