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

    /// <summary>Bytes that have arrived.</summary>
    public long Received { get; private set; }

    public void Start()
    {
        _isRunning = true;
        Send();
    }

    public void Stop() => _isRunning = false;

    private void Send()
    {
        while (_isRunning && _underWay < _window)
        {
            _underWay++;
            long sent = world.Now;
            if (line.Pass(Packet, sent) is { } arrives)
                world.After(TimeSpan.FromTicks(arrives - sent + line.Options.Latency.Ticks), OnAcknowledged);
            else
                world.After(line.Queueing(sent) + (2 * line.Options.Latency), () => OnLost(sent));
        }
    }

    private void OnAcknowledged()
    {
        _underWay--;
        Received += Packet;
        _window += _window < _threshold ? 1 : 1 / _window;
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
