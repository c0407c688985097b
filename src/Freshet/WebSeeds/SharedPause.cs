using Freshet.Core.Rates;

namespace Freshet.WebSeeds;

/// <summary>
/// How long nothing was read from a web seed for reasons on our side: while there are requests to it and every one of them waits for us.
/// Thread-safe.
/// </summary>
internal sealed class SharedPause
{
    private readonly Lock _lock = new();
    private readonly PauseMeter _meter = new();
    private readonly PauseMeter _byLimit = new();
    private HeldByLimit _limit;
    private int _requests;
    private int _waiting;
    private int _waitingForLimit;

    public TimeSpan TotalAt(Timestamp now) => _meter.TotalAt(now);

    /// <summary>How much of that was for a rate limit, with the limit that was waited for last.</summary>
    public HeldByLimit HeldByLimit(Timestamp now)
    {
        lock (_lock)
            return _limit with { Total = _byLimit.TotalAt(now) };
    }

    /// <summary>A request began, or ended.</summary>
    public void Count(int requests, Timestamp now)
    {
        lock (_lock)
        {
            _requests += requests;
            Measure(now);
        }
    }

    /// <summary>A request begins to wait for us, or continues.</summary>
    public void Wait(bool waits, Timestamp now)
    {
        lock (_lock)
        {
            _waiting += waits ? 1 : -1;
            Measure(now);
        }
    }

    /// <summary>What a request that waits for us waits for is a rate limit.</summary>
    public void BeginLimit(HeldByLimit limit, Timestamp now)
    {
        lock (_lock)
        {
            _limit = limit;
            _waitingForLimit++;
            Measure(now);
        }
    }

    /// <summary>It is not any more.</summary>
    public void EndLimit(Timestamp now)
    {
        lock (_lock)
        {
            _waitingForLimit--;
            Measure(now);
        }
    }

    private void Measure(Timestamp now)
    {
        bool isPaused = _requests > 0 && _waiting == _requests;
        Set(_meter, isPaused, now);
        Set(_byLimit, isPaused && _waitingForLimit > 0, now);
    }

    private static void Set(PauseMeter meter, bool isPaused, Timestamp now)
    {
        if (isPaused)
            meter.Begin(now);
        else
            meter.End(now);
    }
}
