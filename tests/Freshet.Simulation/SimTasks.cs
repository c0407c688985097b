namespace Freshet.Simulation;

/// <summary>
/// Ends what the engine's own code awaits. Whoever waits goes on at once, in this thread, so that a seed means the same run each time.
/// </summary>
internal static class SimTasks
{
    /// <summary>Makes a call and ends a task with its result, or with the error of the disk.</summary>
    public static void Complete<T>(TaskCompletionSource<T> done, Func<T> call)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            done.SetResult(call());
        }
        catch (IOException e)
        {
            done.SetException(e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
