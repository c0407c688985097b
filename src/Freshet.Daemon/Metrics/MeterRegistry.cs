using System.Diagnostics.Metrics;

namespace Freshet.Daemon.Metrics;

/// <summary>
/// Creates the session's meter, and recognizes it among those of other sessions in the process, which have the same name.
/// </summary>
internal sealed class MeterRegistry : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly HashSet<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options);
        lock (_lock)
            _meters.Add(meter);
        return meter;
    }

    public bool Has(Meter meter)
    {
        lock (_lock)
            return _meters.Contains(meter);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Meter meter in _meters)
                meter.Dispose();
        }
    }
}
