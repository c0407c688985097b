using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Freshet.Daemon.Tests.Http;

public class MetricsTests
{
    [Fact]
    public async Task What_the_session_measures_is_served_for_Prometheus_and_that_of_no_other_session()
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
    public async Task Each_panel_of_the_Grafana_board_shows_what_is_served()
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

    private static IEnumerable<string> NamesIn(string query) =>
        Regex.Matches(query, @"\bfreshet_[a-z_]+(?=[{,])(?![^(]*\) \()").Select(name => name.Value);

    private static IEnumerable<string> LabelsIn(string query) => Regex.Matches(query, @"by \(([a-z_, ]+)\)")
        .SelectMany(by => by.Groups[1].Value.Split(", ")).Where(label => label != "instance");
}
