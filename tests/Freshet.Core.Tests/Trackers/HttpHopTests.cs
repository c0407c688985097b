using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class HttpHopTests
{
    private const AddressReach PublicOnly = AddressReach.Public;
    private const AddressReach AllButThisMachine = AddressReach.Private;
    private const AddressReach Everywhere = AddressReach.Everywhere;

    [Theory]
    [InlineData("http://tracker.example.org/announce", PublicOnly)]
    [InlineData("http://1.1.1.1/announce", PublicOnly)]
    [InlineData("http://1.1.1.1/admin", PublicOnly)]
    [InlineData("http://127.0.0.1:6969/announce", Everywhere)]
    [InlineData("http://2130706433/announce", Everywhere)]
    [InlineData("http://[::1]/announce.php", Everywhere)]
    [InlineData("http://localhost/announce/0123456789abcdef", Everywhere)]
    [InlineData("http://nas/0123456789abcdef/announce", Everywhere)]
    [InlineData("http://tracker.lan./scrape", Everywhere)]
    [InlineData("http://192.168.1.2/announce?passkey=1", AllButThisMachine)]
    [InlineData("http://127.0.0.1/announce?info_hash=1&delete=all", AllButThisMachine)]
    [InlineData("http://127.0.0.1/", PublicOnly)]
    [InlineData("http://127.0.0.1/admin", PublicOnly)]
    [InlineData("http://169.254.169.254/latest/meta-data", PublicOnly)]
    [InlineData("http://127.0.0.1/announce/../admin", PublicOnly)]
    [InlineData("http://127.0.0.1/announce/..", PublicOnly)]
    [InlineData("http://127.0.0.1/announce/%2e%2e%2fadmin", PublicOnly)]
    [InlineData("http://127.0.0.1/announce;x/admin", PublicOnly)]
    [InlineData("http://127.0.0.1/a/b/announce", PublicOnly)]
    [InlineData("http://127.0.0.1/announcements", PublicOnly)]
    public void A_tracker_reaches_local_addresses_only_if_it_is_local_and_asked_to_announce(string tracker, object reach) =>
        Assert.Equal((AddressReach)reach, ForTracker(tracker).Reach);

    [Theory]
    [InlineData("http://tracker.example.org/announce", "http://127.0.0.1/announce", PublicOnly)]
    [InlineData("http://tracker.example.org/announce", "http://localhost/announce", PublicOnly)]
    [InlineData("http://tracker.example.org/announce", "/announce/", PublicOnly)]
    [InlineData("http://127.0.0.1:80/announce", "/announce.php", Everywhere)]
    [InlineData("http://127.0.0.1:80/announce", "/announce.php?info_hash=1&port=2", Everywhere)]
    [InlineData("http://127.0.0.1:80/announce", "/announce.php?delete=all", AllButThisMachine)]
    [InlineData("http://127.0.0.1:80/announce", "/admin", PublicOnly)]
    [InlineData("http://127.0.0.1:80/announce", "http://127.0.0.1:81/announce", PublicOnly)]
    [InlineData("http://127.0.0.1:80/announce", "https://127.0.0.1:443/announce", Everywhere)]
    [InlineData("http://127.0.0.1:80/announce", "http://127.0.0.2:80/announce", PublicOnly)]
    [InlineData("http://127.0.0.1:80/announce", "http://tracker.example.org/announce", PublicOnly)]
    public void A_redirect_keeps_what_its_host_was_allowed_and_gets_no_more(string tracker, string location, object reach)
    {
        Assert.True(ForTracker(tracker).TryFollow(location, out HttpHop? next, out string? reason), reason);
        Assert.Equal((AddressReach)reach, next.Reach);
    }

    [Theory]
    [InlineData("http://seed.example.org/file", PublicOnly)]
    [InlineData("http://127.0.0.1/file", AddressReach.Private | AddressReach.Loopback)]
    [InlineData("http://nas/any/path", AddressReach.Private | AddressReach.Loopback)]
    [InlineData("http://127.0.0.1/file?delete=all", PublicOnly)]
    [InlineData("http://169.254.169.254/latest", AddressReach.Private | AddressReach.Loopback)]
    public void A_web_seed_reaches_local_addresses_only_if_it_is_local_and_has_no_query(string file, object reach) =>
        Assert.Equal((AddressReach)reach, HttpHop.ForWebSeed(new Uri(file)).Reach);

    [Theory]
    [InlineData("http://seed.example.org/file", "http://192.168.1.1/file")]
    [InlineData("http://seed.example.org/file", "http://localhost/file")]
    [InlineData("http://127.0.0.1:80/file", "http://127.0.0.1:81/file")]
    [InlineData("http://127.0.0.1:80/file", "/file?delete=all")]
    [InlineData("https://127.0.0.1/file", "http://127.0.0.1:8080/file")]
    public void A_web_seeds_redirect_to_a_local_address_or_with_a_query_of_its_own_reaches_none(string file, string location)
    {
        Assert.True(HttpHop.ForWebSeed(new Uri(file)).TryFollow(location, out HttpHop? next, out _));
        Assert.Equal(PublicOnly, next.Reach);
    }

    [Theory]
    [InlineData("https://mirrors.example/file", "http://mirror.example/file", PublicOnly)]
    [InlineData("https://nas/file", "http://nas/file", AddressReach.Private | AddressReach.Loopback)]
    public void A_web_seed_may_redirect_from_HTTPS_to_HTTP(string file, string location, object reach)
    {
        HttpHop next = Follow(HttpHop.ForWebSeed(new Uri(file)), location);
        Assert.Equal(((AddressReach)reach, true), (next.Reach, next.IsRedirected));
    }

    [Fact]
    public void Rights_that_a_redirect_has_lost_do_not_come_back()
    {
        HttpHop hop = Follow(Follow(ForTracker("http://127.0.0.1/announce"), "http://evil.example/announce"), "http://127.0.0.1/announce");
        Assert.Equal(PublicOnly, hop.Reach);
        Assert.False(hop.Reach.Includes(AddressScope.Loopback));
    }

    [Theory]
    [InlineData("http://nas/file.torrent", "/other", Everywhere)]
    [InlineData("http://intranet.example.com/file.torrent", "https://intranet.example.com/file.torrent", Everywhere)]
    [InlineData("http://site.example/file.torrent", "http://127.0.0.1/admin", PublicOnly)]
    [InlineData("http://127.0.0.1:8080/file.torrent", "http://127.0.0.1:9090/", PublicOnly)]
    public void A_url_that_the_user_names_may_be_anywhere_but_not_redirect_anywhere(string url, string location, object reach)
    {
        HttpHop hop = HttpHop.ForUser(new Uri(url));
        Assert.Equal(Everywhere, hop.Reach);
        Assert.Equal((AddressReach)reach, Follow(hop, location).Reach);
    }

    [Theory]
    [InlineData("http://tracker.example.org/announce", "from HTTPS to HTTP")]
    [InlineData("ftp://tracker.example.org/announce", "begins with ftp:")]
    [InlineData("file:///etc/passwd", "not a URL")]
    [InlineData("magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a", "not a URL")]
    [InlineData("http://[::1/", "not a URL")]
    public void Redirects_that_are_not_followed_are_refused_in_words(string location, string words)
    {
        Assert.False(ForTracker("https://secure.example/announce").TryFollow(location, out _, out string? reason));
        Assert.Contains(words, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//other.example/announce")]
    [InlineData("https://other.example/announce")]
    [InlineData("http://site.example.evil.example/announce")]
    [InlineData("http://site.example:8080/announce")]
    public void Credentials_are_not_carried_across_origins(string location) =>
        Assert.Equal("", Follow(ForTracker("http://me:secret@site.example/announce"), location).Uri.UserInfo);

    [Fact]
    public void Redirects_are_bounded()
    {
        HttpHop hop = ForTracker("http://a.example/announce");
        for (int i = 0; i < TrackerLimits.MaxRedirects; i++)
            hop = Follow(hop, "/announce");
        Assert.False(hop.TryFollow("/announce", out _, out string? reason));
        Assert.Equal("redirected more than 5 times", reason);
    }

    private static HttpHop ForTracker(string url) => HttpHop.ForTracker(new Uri(url, AsItIs), new Uri(url, AsItIs));

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private static HttpHop Follow(HttpHop hop, string location)
    {
        Assert.True(hop.TryFollow(location, out HttpHop? next, out string? reason), reason);
        return next;
    }
}
