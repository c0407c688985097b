namespace Freshet.Running;

/// <summary>Runs asynchronous work one after the other, in the order it is asked for.</summary>
// The semaphore has no wait handle, so there is nothing to give back, and somebody may still stand in its queue.
#pragma warning disable CA1001
internal sealed class OneAtATime
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1);

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
