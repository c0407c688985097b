using System.Diagnostics.Metrics;
using System.Text;

namespace Freshet.Daemon.Metrics;

/// <summary>
/// The measurements of the session's meter in the Prometheus text format (0.0.4). Counters and histograms accumulate values as they arrive,
/// for some once per block, so that allocates nothing; observable instruments are read on request.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterRegistry _registry;
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public PrometheusText(MeterRegistry registry)
    {
        _registry = registry;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.Start();
    }

    public string Read()
    {
        _listener.RecordObservableInstruments();
        StringBuilder text = new();
        lock (_lock)
        {
            foreach (MetricFamily family in _families.Values)
                family.Write(text);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!_registry.Has(instrument.Meter))
            return;
        MetricFamily family = new(instrument);
        lock (_lock)
            _families.Add(family.Name, family);
        listener.EnableMeasurementEvents(instrument, family);
    }
}
