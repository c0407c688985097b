using System.Diagnostics;

namespace Freshet.Interop.Running;

/// <summary>Waits for conditions, always with a bound.</summary>
public static class Wait
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Polls until the condition holds. After the bound, a <see cref="TimeoutException"/> says <paramref name="what"/> was expected.
    /// </summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan bound, Func<string> what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > bound)
                throw new TimeoutException($"not within {bound.TotalSeconds:0} s: {what()}");
            await Task.Delay(Tick);
        }
    }
}
