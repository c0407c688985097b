namespace Freshet.Daemon.Metrics;

/// <summary>How Prometheus understands a family of numbers.</summary>
internal enum MetricKind
{
    Gauge,
    Counter,
    Histogram,
}
