using System.Net;
using System.Net.Http.Headers;

namespace Freshet.Daemon.Tests.Http;

public class ContentTests
{
    [Fact]
    public async Task A_file_is_read_while_it_is_downloaded_as_soon_as_its_pieces_arrive()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon["seed"]);
        string hash = await daemon.AddAsync(sample);
        using HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start");
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<HttpResponseMessage> asking = daemon.SendAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content",
            change: request => request.Headers.Range = new RangeHeaderValue(20_000, 39_999));
        await using Session seed = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = daemon["seed"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        }, token);
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Bytes), cancellationToken: token)).Completion.Bounded();
        await daemon.Server.Session.Torrents[0].AddPeersAsync([seed.ListenEndPoints[0]], token);
        using HttpResponseMessage answer = await asking.Bounded();
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(sample.First[20_000..], await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Bounded());
    }

    [Fact]
    public async Task A_file_that_is_not_wanted_is_reported_as_such()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent(), """, "priorities": ["skip"]""");
        await daemon.RefusedAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content", null, HttpStatusCode.Conflict, "not-wanted");
    }
}
