using System.Net;

namespace Freshet.Tests.Discovery;

public class MetainfoFetcherTests
{
    [Fact]
    public async Task A_torrent_at_a_url_is_fetched_from_the_bind_address()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d4:infodee");
        IPAddress from = IPAddress.Parse("127.77.0.6");
        ReadOnlyMemory<byte> fetched = await FetchAsync(new Uri($"http://{server.EndPoint}/any/path?and=query"), from);
        Assert.Equal("d4:infodee"u8.ToArray(), fetched.ToArray());
        Assert.Equal(from, Assert.Single(server.Clients).Address);
    }

    [Fact]
    public async Task A_redirect_to_another_local_port_is_refused_in_words()
    {
        await using ScriptedServer victim = ScriptedServer.Http("200 OK", "secret");
        await using ScriptedServer server = ScriptedServer.Http("302 Found", "", $"Location: http://{victim.EndPoint}/secret");
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => FetchAsync(new Uri($"http://{server.EndPoint}/a.torrent")));
        Assert.Equal(
            "The torrent could not be fetched: 127.0.0.1 is an address of this machine: "
                + "redirects do not lead to other hosts on a local network or on this machine.",
            refused.Message);
        Assert.Empty(victim.Clients);
    }

    [Fact]
    public async Task An_error_status_is_reported()
    {
        await using ScriptedServer server = ScriptedServer.Http("404 Not Found", "");
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => FetchAsync(new Uri($"http://{server.EndPoint}/a.torrent")));
        Assert.Equal($"The torrent could not be fetched: {server.EndPoint} answered HTTP 404 Not Found.", refused.Message);
    }

    [Theory]
    [InlineData("/a.torrent")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a.torrent")]
    public async Task Only_http_urls_are_fetched(string url) =>
        await Assert.ThrowsAsync<ArgumentException>(() => FetchAsync(new Uri(url, UriKind.RelativeOrAbsolute)));

    private static Task<ReadOnlyMemory<byte>> FetchAsync(Uri url, IPAddress? from = null) =>
        MetainfoFetcher.FetchAsync(url, from, cancellationToken: TestContext.Current.CancellationToken);
}
