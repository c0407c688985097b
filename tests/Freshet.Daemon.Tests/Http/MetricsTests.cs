using System.Net;

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
}
