using Freshet.Api;

namespace Freshet.Daemon.Running;

/// <summary>The session's rates: by seconds for ten minutes, by minutes for a day.</summary>
internal sealed class RateHistories(TimeProvider time)
{
    private const int Seconds = 600;
    private const int Minutes = 24 * 60;
    private const int SecondsOfMinute = 60;
    private readonly Lock _lock = new();
    private readonly Queue<(long Down, long Up)> _seconds = new(Seconds);
    private readonly Queue<(long Down, long Up)> _minutes = new(Minutes);
    private (long Down, long Up) _sum;
    private int _count;
    private DateTimeOffset _lastMinute = time.GetUtcNow();

    /// <summary>Called once a second.</summary>
    public void Add(long down, long up)
    {
        lock (_lock)
        {
            Push(_seconds, (down, up), Seconds);
            _sum = (_sum.Down + down, _sum.Up + up);
            if (++_count < SecondsOfMinute)
                return;
            Push(_minutes, (_sum.Down / _count, _sum.Up / _count), Minutes);
            (_sum, _count, _lastMinute) = (default, 0, time.GetUtcNow());
        }
    }

    public RateHistory Read(bool isDay)
    {
        lock (_lock)
        {
            Queue<(long Down, long Up)> values = isDay ? _minutes : _seconds;
            return new RateHistory
            {
                Interval = isDay ? SecondsOfMinute : 1,
                End = isDay ? _lastMinute : time.GetUtcNow(),
                DownloadRates = [.. values.Select(value => value.Down)],
                UploadRates = [.. values.Select(value => value.Up)],
            };
        }
    }

    private static void Push(Queue<(long Down, long Up)> values, (long Down, long Up) value, int most)
    {
        if (values.Count == most)
            values.Dequeue();
        values.Enqueue(value);
    }
}
