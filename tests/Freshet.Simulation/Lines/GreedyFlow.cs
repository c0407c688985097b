namespace Freshet.Simulation.Lines;

/// <summary>
/// The effect of TCP (Reno) on a line: its window grows by one packet per round trip until the queue overflows, and is then halved. Only
/// sizes and times matter, so its packets are just numbers.
/// </summary>
internal sealed class GreedyFlow(LineWorld world, Line line)
{
    private const int Packet = 1_472;

    private double _window = 10;
    private double _threshold = double.MaxValue;
    private int _underWay;
    private long _recovers;
    private bool _isRunning;
    private bool _isWaiting;
    private long _free;

    /// <summary>Bytes that have arrived.</summary>
    public long Received { get; private set; }

    /// <summary>The most bytes per second that it has to send; null for no limit.</summary>
    public double? Limit { get; set; }

    public void Start()
    {
        _isRunning = true;
        Send();
    }

    public void Stop() => _isRunning = false;

    private void Send()
    {
        while (_isRunning && _underWay < _window && MaySend())
        {
            _underWay++;
            long sent = world.Now;
            if (line.Pass(Packet, sent) is { } arrives)
                world.After(TimeSpan.FromTicks(arrives - sent + line.Options.Latency.Ticks), OnAcknowledged);
            else
                world.After(line.Queueing(sent) + (2 * line.Options.Latency), () => OnLost(sent));
        }
    }

    private bool MaySend()
    {
        if (Limit is not { } limit)
            return true;
        if (_isWaiting)
            return false;
        if (_free <= world.Now)
        {
            _free = Math.Max(_free, world.Now - TimeSpan.TicksPerMillisecond) + (long)(Packet / limit * TimeSpan.TicksPerSecond);
            return true;
        }

        _isWaiting = true;
        world.After(TimeSpan.FromTicks(_free - world.Now), () =>
        {
            _isWaiting = false;
            Send();
        });
        return false;
    }

    private void OnAcknowledged()
    {
        // One that sends less than it may learns nothing about the line.
        if (_underWay >= _window)
            _window += _window < _threshold ? 1 : 1 / _window;
        _underWay--;
        Received += Packet;
        Send();
    }

    // All losses of one flight halve the window once.
    private void OnLost(long sent)
    {
        _underWay--;
        if (sent >= _recovers)
        {
            _recovers = world.Now;
            _window = _threshold = Math.Max(_window / 2, 2);
        }

        Send();
    }
}
