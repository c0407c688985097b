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
    private int _requests;
    private int _waiting;

    public TimeSpan TotalAt(Timestamp now) => _meter.TotalAt(now);

    /// <summary>A request began, or ended.</summary>
    public void Count(int requests, Timestamp now) => Change(requests, 0, now);

    /// <summary>A request begins to wait for us, or continues.</summary>
    public void Wait(bool waits, Timestamp now) => Change(0, waits ? 1 : -1, now);

    private void Change(int requests, int waiting, Timestamp now)
    {
        lock (_lock)
        {
            _requests += requests;
            _waiting += waiting;
            if (_requests > 0 && _waiting == _requests)
                _meter.Begin(now);
            else
                _meter.End(now);
        }
    }
}
