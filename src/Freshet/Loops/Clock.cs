using Freshet.Core.Rates;

namespace Freshet.Loops;

/// <summary>Reads a session's clock as the engine counts time.</summary>
internal static class Clock
{
    public static Timestamp Now(this TimeProvider time) => new(time.GetElapsedTime(0).Ticks);
}
