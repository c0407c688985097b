namespace Freshet.Core.Tests;

/// <summary>What code allocates.</summary>
internal static class Allocations
{
    private const int Times = 4;

    /// <summary>
    /// The bytes that a step allocates on this thread, which is to do the same each time: the least of some times after the first,
    /// because the runtime allocates too when it compiles a method on the way, or once more.
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
