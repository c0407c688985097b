using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Freshet.Daemon.Metrics;

/// <summary>
/// What the session's meter measures, in the text format of Prometheus (0.0.4). Counters are added up as they are counted; what is observed
/// is asked for when somebody looks.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterRegistry _registry;
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusText(MeterRegistry registry)
    {
        _registry = registry;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public string Read()
    {
        _listener.RecordObservableInstruments();
        StringBuilder text = new();
        lock (_lock)
        {
            foreach ((string name, Family family) in _families)
            {
                text.Append("# HELP ").Append(name).Append(' ').Append(family.Help).Append('\n');
                text.Append("# TYPE ").Append(name).Append(' ').Append(family.Kind).Append('\n');
                foreach ((string labels, double value) in family.Values)
                    text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!_registry.Has(instrument.Meter))
            return;
        lock (_lock)
            _families.TryAdd(NameOf(instrument),
                new Family(IsCounter(instrument) ? "counter" : "gauge", Escape(instrument.Description ?? "")));
        listener.EnableMeasurementEvents(instrument);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = NameOf(instrument);
        string labels = LabelsOf(tags);
        lock (_lock)
        {
            SortedDictionary<string, double> values = _families[name].Values;
            values[labels] = instrument.IsObservable ? value : values.GetValueOrDefault(labels) + value;
        }
    }

    private static bool IsCounter(Instrument instrument) => instrument is Counter<long> or Counter<double> or Counter<int>
        or ObservableCounter<long> or ObservableCounter<double> or ObservableCounter<int>;

    // Unit and "total" at the end, as Prometheus' conventions ask for.
    private static string NameOf(Instrument instrument)
    {
        string unit = instrument.Unit switch
        {
            "By" => "_bytes",
            "s" => "_seconds",
            _ => "",
        };
        return Plain(instrument.Name) + unit + (IsCounter(instrument) ? "_total" : "");
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        StringBuilder labels = new("{");
        foreach ((string key, object? value) in tags)
        {
            string text = Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                .Replace("\"", "\\\"", StringComparison.Ordinal);
            labels.Append(labels.Length > 1 ? "," : "").Append(Plain(key)).Append("=\"").Append(text).Append('"');
        }

        return labels.Append('}').ToString();
    }

    private static string Plain(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Family(string Kind, string Help)
    {
        public SortedDictionary<string, double> Values { get; } = new(StringComparer.Ordinal);
    }
}
