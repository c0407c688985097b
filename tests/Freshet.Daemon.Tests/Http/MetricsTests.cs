using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freshet.Daemon.Metrics;

namespace Freshet.Daemon.Tests.Http;

public class MetricsTests
{
    [Fact]
    public async Task The_sessions_measurements_are_served_for_Prometheus_and_those_of_no_other_session()
    {
        await using TestDaemon other = await TestDaemon.StartAsync();
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await other.AddAsync(new SampleTorrent("other", seed: 2));
        await daemon.AddAsync(new SampleTorrent("a", seed: 3));
        await daemon.AddAsync(new SampleTorrent("b", seed: 4));
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        string[] lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');
        Assert.Contains("# TYPE freshet_torrents gauge", lines);
        Assert.Contains("freshet_torrents 2", lines);
        Assert.Contains("# TYPE freshet_payload_io_bytes_total counter", lines);
        using HttpResponseMessage stranger = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/metrics");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task Counters_are_there_before_their_first_event_which_would_not_be_seen_as_an_increase()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/metrics");
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        foreach (string series in (string[])[
            "freshet_pieces_total{freshet_piece_outcome=\"failed\"} 0", "freshet_pieces_total{freshet_piece_outcome=\"verified\"} 0",
            "freshet_payload_io_bytes_total{network_io_direction=\"receive\"} 0",
            "freshet_payload_io_bytes_total{network_io_direction=\"transmit\"} 0",
        ])
        {
            Assert.Contains(series + "\n", text, StringComparison.Ordinal);
        }

        Assert.Equal(8, Regex.Count(text, "^freshet_dials_total\\{.*\\} 0$", RegexOptions.Multiline));
    }

    [Fact]
    public async Task Each_panel_of_the_Grafana_dashboard_shows_what_is_served()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/metrics");
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string[] served =
            [.. Regex.Matches(text, "^# TYPE (freshet_[a-z_]+) ", RegexOptions.Multiline).Select(line => line.Groups[1].Value)];
        string documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md")).Replace('.', '_');
        JsonNode board = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "packaging", "grafana.json")))!;
        string[] queries =
        [
            .. board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!),
            .. board["templating"]!["list"]!.AsArray().Select(variable => (string?)variable!["definition"] ?? ""),
        ];
        Assert.True(queries.Length > 10);
        Assert.Subset(served.ToHashSet(), queries.SelectMany(NamesIn).ToHashSet());
        Assert.All(queries.SelectMany(LabelsIn), label => Assert.Contains(label, documented, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_shows_how_long_its_requests_its_disk_and_its_queues_took()
    {
        await using TestDaemon seed = await TestDaemon.StartAsync();
        await using TestDaemon leech = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: $"http://{IPAddress.Loopback}:1/announce");
        sample.WriteTo(seed.Data);
        string hash = await seed.AddAsync(sample);
        (await seed.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        string address = (string)(await seed.GetAsync("/api/v1/session"))["listenEndPoints"]![0]!;
        await leech.AddAsync(sample, $$""", "peers": ["{{address}}"]""");
        (await leech.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        await leech.Server.Session.Torrents[0].Completion.WaitAsync(Patience.Bound, TestContext.Current.CancellationToken);
        await MeasuredAsync(leech, "freshet_request_duration_seconds_count{freshet_peer_transport=\"(tcp|utp)\"}", 4);
        await MeasuredAsync(leech, "freshet_disk_duration_seconds_count{freshet_disk_operation=\"write\"}", 1);
        await MeasuredAsync(leech, "freshet_queue_duration_seconds_count{freshet_queue=\"disk\"}", 4);
        await MeasuredAsync(leech, "freshet_queue_duration_seconds_count{freshet_queue=\"announce\"}", 1);
        await MeasuredAsync(seed, "freshet_disk_duration_seconds_count{freshet_disk_operation=\"(cached_)?read\"}", 4);
        await MeasuredAsync(leech, "freshet_pieces_total{freshet_piece_outcome=\"verified\"}", 4);
    }

    [Fact]
    public async Task Connected_peers_are_counted_by_source_and_by_transport()
    {
        // Neither has the data, so they stay connected.
        await using TestDaemon other = await TestDaemon.StartAsync();
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        string hash = await other.AddAsync(sample);
        (await other.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        string address = (string)(await other.GetAsync("/api/v1/session"))["listenEndPoints"]![0]!;
        await daemon.AddAsync(sample, $$""", "peers": ["{{address}}"]""");
        Assert.Contains("freshet_peers{freshet_peer_source=\"dht\",freshet_peer_transport=\"utp\"} 0", await LinesAsync(daemon));
        (await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        await MeasuredAsync(daemon, "freshet_peers{freshet_peer_source=\"manual\",freshet_peer_transport=\"(tcp|utp)\"}", 1);
        await MeasuredAsync(other, "freshet_peers{freshet_peer_source=\"incoming\",freshet_peer_transport=\"(tcp|utp)\"}", 1);
    }

    [Fact]
    public async Task The_documentation_names_every_instrument_with_its_kind_and_unit_and_no_other()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        MeterRegistry? registry = daemon.Server.Session.Options.MeterFactory as MeterRegistry;
        List<string> there = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (registry!.Has(instrument.Meter))
                    there.Add($"{instrument.Name} | {KindOf(instrument)} | {instrument.Unit}");
            },
        };
        listener.Start();
        IEnumerable<string> documented = Regex
            .Matches(Repository.Read("docs/metrics.md"), @"^\| `(freshet[a-z.]+)` \| ([a-z -]+) \| (\S+) \|", RegexOptions.Multiline)
            .Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value}");
        Assert.True(there.Count >= 10, $"only {there.Count}");
        Assert.Equal(there.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or ObservableCounter<long> => "counter",
        ObservableUpDownCounter<int> => "up-down counter",
        Histogram<double> => "histogram",
        _ => "gauge",
    };

    private static async Task<string[]> LinesAsync(TestDaemon daemon)
    {
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/metrics");
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');
    }

    // Some of it is counted just after the download is complete.
    private static async Task MeasuredAsync(TestDaemon daemon, string series, double least)
    {
        Regex wanted = new($"^{series.Replace("{", "\\{", StringComparison.Ordinal)} ([0-9.]+)$");
        double sum = await SumAsync();
        DateTime end = DateTime.UtcNow + Patience.Bound;
        while (sum < least && DateTime.UtcNow < end)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            sum = await SumAsync();
        }

        Assert.True(sum >= least, $"{series} is {sum}");

        async Task<double> SumAsync() => (await LinesAsync(daemon)).Select(line => wanted.Match(line)).Where(match => match.Success)
            .Sum(match => double.Parse(match.Groups[^1].Value, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> NamesIn(string query) =>
        Regex.Matches(query, @"\bfreshet_[a-z_]+(?=[{,])(?![^(]*\) \()").Select(name => Regex.Replace(name.Value, "_bucket$", ""));

    private static IEnumerable<string> LabelsIn(string query) => Regex.Matches(query, @"by \(([a-z_, ]+)\)")
        .SelectMany(by => by.Groups[1].Value.Split(", ")).Where(label => label is not ("instance" or "le"));
}
