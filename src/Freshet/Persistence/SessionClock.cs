namespace Freshet.Persistence;

/// <summary>
/// The total running time of all sessions of a state folder. Torrents' times are measured by it: a torrent that was seeding when it was
/// recorded, and is restored as such, has been seeding for as long as this clock has advanced since. So an idle session writes one small
/// file from time to time, and not one for each of its torrents.
/// </summary>
/// <param name="time">Measures this run.</param>
/// <param name="before">Its value at the end of the last run.</param>
internal sealed class SessionClock(TimeProvider time, TimeSpan before = default)
{
    private readonly long _began = time.GetTimestamp();
    private long _before = before.Ticks;

    public TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref _before)) + time.GetElapsedTime(_began);

    /// <summary>Moves the clock forward to a time it had reached: after a crash, records may be newer than its own file.</summary>
    public void NotBefore(TimeSpan seen)
    {
        long behind = (seen - Now).Ticks;
        if (behind > 0)
            Interlocked.Add(ref _before, behind);
    }
}
