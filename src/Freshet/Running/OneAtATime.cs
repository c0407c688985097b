namespace Freshet.Running;

/// <summary>Runs asynchronous operations one after the other, in the order in which they are requested.</summary>
internal sealed class OneAtATime
{
    // Completes with the operation requested last.
    private Task _last = Task.CompletedTask;

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Interlocked.Exchange(ref _last, turn.Task).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _ = Interlocked.CompareExchange(ref _last, Task.CompletedTask, turn.Task);
            turn.SetResult();
        }
    }
}
