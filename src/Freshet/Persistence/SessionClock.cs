namespace Freshet.Persistence;

/// <summary>
/// How long sessions of one state folder have run, all together. Torrents' times are reckoned by it: a torrent that was seeding when it was
/// recorded, and is restored as such, has been seeding for as long as this clock has gone since. So a session at rest writes one small file
/// now and then, and not one for each of its torrents.
/// </summary>
/// <param name="time">Measures this run.</param>
/// <param name="before">What it showed at the end of the last run.</param>
internal sealed class SessionClock(TimeProvider time, TimeSpan before = default)
{
    private readonly long _began = time.GetTimestamp();
    private long _before = before.Ticks;

    public TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref _before)) + time.GetElapsedTime(_began);

    /// <summary>Notes that it had come so far: after a crash records may be newer than what was written of the clock.</summary>
    public void NotBefore(TimeSpan seen)
    {
        long behind = (seen - Now).Ticks;
        if (behind > 0)
            Interlocked.Add(ref _before, behind);
    }
}
