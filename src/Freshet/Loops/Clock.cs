using Freshet.Core.Rates;

namespace Freshet.Loops;

/// <summary>Converts a session's clock to the engine's timestamps.</summary>
internal static class Clock
{
    public static Timestamp Now(this TimeProvider time) => new(time.GetElapsedTime(0).Ticks);
}
