using System.Diagnostics.Metrics;
using System.Text;

namespace Freshet.Daemon.Metrics;

/// <summary>An instrument as Prometheus sees it: its name, its kind, and a series for each set of labels that was seen.</summary>
internal sealed class MetricFamily
{
    private readonly Lock _lock = new();
    private readonly MetricKind _kind;
    private readonly string _help;
    private readonly bool _isObserved;
    private readonly double[] _boundaries = [];

    // Only ever replaced by a longer one: an instrument has few sets of labels, and most of them are there soon.
    private volatile MetricSeries[] _series = [];

    public MetricFamily(Instrument instrument)
    {
        _help = Escape(instrument.Description ?? "");
        _isObserved = instrument.IsObservable;
        _kind = MetricKind.Gauge;
        if (instrument is Histogram<double> histogram)
        {
            _kind = MetricKind.Histogram;
            _boundaries = [.. histogram.Advice?.HistogramBucketBoundaries ?? []];
        }
        else if (instrument is Counter<long> or Counter<double> or Counter<int>
            or ObservableCounter<long> or ObservableCounter<double> or ObservableCounter<int>)
        {
            _kind = MetricKind.Counter;
        }

        Name = NameOf(instrument, _kind);
    }

    public string Name { get; }

    /// <summary>Takes a measurement; allocates nothing if one with these attributes came before.</summary>
    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricSeries series = Find(tags) ?? Create(tags);
        if (_kind == MetricKind.Histogram)
            series.Record(value);
        else if (_isObserved)
            series.Set(value);
        else
            series.Add(value);
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        foreach (MetricSeries series in _series)
        {
            if (_kind == MetricKind.Histogram)
                series.WriteHistogram(text, Name);
            else
                series.Write(text, Name);
        }
    }

    public static string Plain(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // Unit and "total" at the end, by Prometheus' conventions.
    private static string NameOf(Instrument instrument, MetricKind kind)
    {
        string unit = instrument.Unit switch
        {
            "By" => "_bytes",
            "s" => "_seconds",
            _ => "",
        };
        return Plain(instrument.Name) + unit + (kind == MetricKind.Counter ? "_total" : "");
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (MetricSeries series in _series)
        {
            if (series.Has(tags))
                return series;
        }

        return null;
    }

    private MetricSeries Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            if (Find(tags) is { } known)
                return known;
            MetricSeries series = new(tags, _boundaries);
            _series = [.. _series, series];
            return series;
        }
    }
}
