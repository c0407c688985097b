namespace Freshet.Core.Tests;

/// <summary>Measures what code allocates.</summary>
internal static class Allocations
{
    private const int Times = 4;

    /// <summary>
    /// Returns the bytes that a step allocates on this thread. The step must do the same each time; the result is the least of some runs
    /// after the first, because the runtime also allocates when it compiles a method for the first time, or again.
    /// </summary>
    public static long Of(Action step)
    {
        step();
        long least = long.MaxValue;
        for (int i = 0; i < Times; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
