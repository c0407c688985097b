using System.Diagnostics.Metrics;
using Freshet.Daemon.Metrics;

namespace Freshet.Daemon.Tests.Metrics;

/// <summary>The text format of Prometheus, line by line.</summary>
public class PrometheusTextTests
{
    private const int Many = 10_000;

    [Fact]
    public void A_histogram_has_a_cumulative_count_for_each_bucket()
    {
        using MeterRegistry registry = new();
        using PrometheusText text = new(registry);
        Histogram<double> histogram = Histogram(registry.Create(new MeterOptions("Freshet")));
        KeyValuePair<string, object?> read = new("disk.operation", "read");
        foreach (double value in (double[])[0.125, 0.25, 0.5, 8])
            histogram.Record(value, read);
        string[] lines =
        [
            "# HELP freshet_disk_duration_seconds How long.",
            "# TYPE freshet_disk_duration_seconds histogram",
            "freshet_disk_duration_seconds_bucket{disk_operation=\"read\",le=\"0.25\"} 2",
            "freshet_disk_duration_seconds_bucket{disk_operation=\"read\",le=\"1\"} 3",
            "freshet_disk_duration_seconds_bucket{disk_operation=\"read\",le=\"+Inf\"} 4",
            "freshet_disk_duration_seconds_sum{disk_operation=\"read\"} 8.875",
            "freshet_disk_duration_seconds_count{disk_operation=\"read\"} 4",
            "",
        ];
        Assert.Equal(lines, text.Read().Split('\n'));
    }

    [Fact]
    public void Counters_add_up_by_their_labels_and_observed_values_are_current()
    {
        using MeterRegistry registry = new();
        using PrometheusText text = new(registry);
        Meter meter = registry.Create(new MeterOptions("Freshet"));
        Counter<long> counter = meter.CreateCounter<long>("freshet.io", "By", "Bytes\nand \\.");
        int torrents = 3;
        meter.CreateObservableUpDownCounter("freshet.torrents", () => torrents);
        counter.Add(5, new KeyValuePair<string, object?>("way", "in"));
        counter.Add(7, new KeyValuePair<string, object?>("way", "in"));
        counter.Add(1, new KeyValuePair<string, object?>("way", "\"out\""));
        text.Read();
        torrents = 2;
        string[] lines =
        [
            "# HELP freshet_io_bytes_total Bytes\\nand \\\\.",
            "# TYPE freshet_io_bytes_total counter",
            "freshet_io_bytes_total{way=\"in\"} 12",
            "freshet_io_bytes_total{way=\"\\\"out\\\"\"} 1",
            "# HELP freshet_torrents ",
            "# TYPE freshet_torrents gauge",
            "freshet_torrents 2",
            "",
        ];
        Assert.Equal(lines, text.Read().Split('\n'));
    }

    [Fact]
    public void Counting_once_per_block_allocates_nothing()
    {
        using MeterRegistry registry = new();
        using PrometheusText text = new(registry);
        Meter meter = registry.Create(new MeterOptions("Freshet"));
        Histogram<double> histogram = Histogram(meter);
        Counter<long> counter = meter.CreateCounter<long>("freshet.io");
        KeyValuePair<string, object?> tag = new("way", "in");
        Count(histogram, counter, tag, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Count(histogram, counter, tag, Many);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains($"freshet_io_total{{way=\"in\"}} {Many + 1}\n", text.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_threads_count_at_once()
    {
        using MeterRegistry registry = new();
        using PrometheusText text = new(registry);
        Meter meter = registry.Create(new MeterOptions("Freshet"));
        Histogram<double> histogram = Histogram(meter);
        Counter<long> counter = meter.CreateCounter<long>("freshet.io");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => Count(histogram, counter, new("way", "in"), Many), TestContext.Current.CancellationToken)));
        string read = text.Read();
        Assert.Contains($"freshet_io_total{{way=\"in\"}} {4 * Many}\n", read, StringComparison.Ordinal);
        Assert.Contains($"freshet_disk_duration_seconds_sum{{way=\"in\"}} {2 * Many}\n", read, StringComparison.Ordinal);
        Assert.Contains($"freshet_disk_duration_seconds_count{{way=\"in\"}} {4 * Many}\n", read, StringComparison.Ordinal);
    }

    private static void Count(Histogram<double> histogram, Counter<long> counter, KeyValuePair<string, object?> tag, int times)
    {
        for (int i = 0; i < times; i++)
        {
            histogram.Record(0.5, tag);
            counter.Add(1, tag);
        }
    }

    private static Histogram<double> Histogram(Meter meter) => meter.CreateHistogram(
        "freshet.disk.duration", "s", "How long.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 1] });
}
