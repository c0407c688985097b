using System.Net;
using System.Net.Http.Headers;

namespace Freshet.Daemon.Tests.Http;

public class BadInputTests
{
    private const string SomeHash = "c9e15763f722f23e98a29decdfae341b98d53056";

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"source": 1}""")]
    [InlineData("""{"sauce": "magnet:?"}""")]
    [InlineData("""{"source": "a", "source": "b"}""")]
    [InlineData("""{"priorities": [1]}""")]
    [InlineData("""{"metainfo": "not base64!"}""")]
    [InlineData("""{"labels": [[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]}""")]
    public async Task Malformed_unknown_and_mistyped_JSON_is_refused(string body)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", body, HttpStatusCode.BadRequest, "invalid-json");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"source": "a", "metainfo": "YQ=="}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "maxPeers": 0}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "maxDownloadRate": 5}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "labels": ["a,b"]}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "labels": [""]}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "labels": [null]}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "peers": [null]}""")]
    [InlineData($$"""{"source": "{{SomeHash}}", "peers": ["127.0.0.1"]}""")]
    public async Task Values_out_of_range_are_refused_and_nothing_is_added(string body)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", body, HttpStatusCode.BadRequest, "invalid-value");
        Assert.Empty(daemon.Server.Session.Torrents);
    }

    [Theory]
    [InlineData("""{"source": "nonsense"}""")]
    [InlineData("""{"source": "magnet:?dn=x"}""")]
    [InlineData("""{"metainfo": "ZDQ6aW5mb2Rl"}""")]
    public async Task A_source_that_is_not_a_torrent_is_refused(string body)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", body, HttpStatusCode.UnprocessableEntity, "not-a-torrent");
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents/inspect", body, HttpStatusCode.UnprocessableEntity, "not-a-torrent");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x.torrent")]
    [InlineData("http://localhost:1/x.torrent")]
    [InlineData("http://169.254.169.254/latest")]
    public async Task The_daemon_cannot_be_sent_to_local_addresses(string url)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        var problem = await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{url}}"}""",
            HttpStatusCode.BadGateway, "fetch-failed");
        Assert.Contains("only public addresses", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("PUT", "/api/v1/torrents", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/api/v1/torrents/xyz", HttpStatusCode.NotFound, "no-such-torrent")]
    [InlineData("POST", "/api/v1/torrents/" + SomeHash + "/start", HttpStatusCode.NotFound, "no-such-torrent")]
    [InlineData("DELETE", "/api/v1/torrents/" + SomeHash, HttpStatusCode.NotFound, "no-such-torrent")]
    [InlineData("GET", "/api/v1/torrents/" + SomeHash + "/files/0/content", HttpStatusCode.NotFound, "no-such-torrent")]
    [InlineData("GET", "/api/v1/torrents?sort=height", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/torrents?state=asleep", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/torrents?limit=0", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/torrents?fields=colour", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/torrents?serach=x", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/log?level=loud", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/session/history?span=year", HttpStatusCode.BadRequest, "invalid-value")]
    [InlineData("GET", "/api/v1/folders?path=missing", HttpStatusCode.NotFound, "not-found")]
    public async Task Missing_things_and_invalid_requests_are_problems(string method, string path, HttpStatusCode status, string code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(new HttpMethod(method), path, null, status, code);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", null, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type",
            request =>
            {
                request.Content = new StringContent("source=x");
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
            });
    }

    [Fact]
    public async Task Hostile_names_are_sent_as_text_in_valid_JSON()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Name = "<script>alert(1)</script> \"'&";
        string hash = await daemon.AddAsync(new SampleTorrent(Name));
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, $"/api/v1/torrents/{hash}");
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("<script>alert(1)<", (string?)(await daemon.GetAsync("/api/v1/torrents"))["torrents"]![0]!["name"]);
    }
}
