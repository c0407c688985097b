using System.Diagnostics;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>The machine's monotonic clock as <see cref="Timestamp"/>s.</summary>
internal static class Clock
{
    public static Timestamp Now => new(Stopwatch.GetElapsedTime(0).Ticks);
}
