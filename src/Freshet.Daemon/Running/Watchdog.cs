namespace Freshet.Daemon.Running;

/// <summary>
/// Paces the signs of life for the service manager. The time that has passed counts, not what the clock shows: a clock that is set back
/// must not silence them, since the manager then ends the daemon.
/// </summary>
internal sealed class Watchdog(TimeSpan? interval, Action alive, TimeProvider time)
{
    private long? _last;

    /// <summary>Gives a sign of life if one is due.</summary>
    public void OnTick()
    {
        if (interval is not { } due || (_last is { } last && time.GetElapsedTime(last) < due))
            return;
        _last = time.GetTimestamp();
        alive();
    }
}
