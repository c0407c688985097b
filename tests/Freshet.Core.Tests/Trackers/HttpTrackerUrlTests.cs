using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Trackers;

public class HttpTrackerUrlTests
{
    private const string EncodedHash = "%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A";
    private const string EncodedId = "-FR0100-%00%FF%20%26%3D%2B%25~._-a";

    private static readonly AnnounceRequest Request = new()
    {
        // The info-hash of the unofficial specification's example of percent-encoding.
        InfoHash = new InfoHash(Convert.FromHexString("123456789abcdef123456789abcdef123456789a")),
        PeerId = new PeerId([.. "-FR0100-"u8, 0x00, 0xFF, .. " &=+%~._-a"u8]),
        Port = 6881,
        Uploaded = 1,
        Downloaded = 2,
        Left = 3,
        Key = 0xABCDEF,
        NumWant = 80,
    };

    [Fact]
    public void Info_hash_and_peer_id_are_encoded_byte_by_byte() =>
        Assert.Equal(
            $"http://t.example/announce?info_hash={EncodedHash}&peer_id={EncodedId}&port=6881&uploaded=1&downloaded=2&left=3"
            + "&corrupt=0&numwant=80&key=00ABCDEF&compact=1&no_peer_id=1",
            HttpTrackerUrl.ForAnnounce("http://t.example/announce", Request));

    [Theory]
    [InlineData("http://t.example/announce", "http://t.example/announce?info_hash=")]
    [InlineData("https://t.example:8443/PASS%2fkey/announce", "https://t.example:8443/PASS%2fkey/announce?info_hash=")]
    [InlineData("http://t.example/announce.php?passkey=0aF&x=%7e", "http://t.example/announce.php?passkey=0aF&x=%7e&info_hash=")]
    [InlineData("http://t.example/announce?", "http://t.example/announce?info_hash=")]
    [InlineData("http://t.example/announce?a=b&", "http://t.example/announce?a=b&info_hash=")]
    [InlineData("http://t.example/announce#part?", "http://t.example/announce?info_hash=")]
    [InlineData("http://t.example", "http://t.example/?info_hash=")]
    [InlineData(" http://t.example/announce\r\n", "http://t.example/announce?info_hash=")]
    [InlineData("http://t.example?key=1", "http://t.example/?key=1&info_hash=")]
    [InlineData("http://user:word@[::1]:80/a b/\u00e9", "http://user:word@[::1]:80/a%20b/%C3%A9?info_hash=")]
    public void The_trackers_own_url_is_kept(string tracker, string begins) =>
        Assert.StartsWith(begins, HttpTrackerUrl.ForAnnounce(tracker, Request), StringComparison.Ordinal);

    [Theory]
    [InlineData(AnnounceEvent.None, null, 80)]
    [InlineData(AnnounceEvent.Started, "started", 80)]
    [InlineData(AnnounceEvent.Completed, "completed", 80)]
    [InlineData(AnnounceEvent.Paused, "paused", 80)]
    [InlineData(AnnounceEvent.Stopped, "stopped", 0)]
    public void Events_have_their_names_and_a_peer_that_leaves_wants_no_peers(AnnounceEvent announceEvent, string? name, int wanted)
    {
        string url = HttpTrackerUrl.ForAnnounce("http://t.example/announce", Request with { Event = announceEvent });
        Assert.Equal(name, Parameter(url, "event"));
        Assert.Equal(wanted.ToString(), Parameter(url, "numwant"));
    }

    [Fact]
    public void Optional_values_are_sent_if_they_are_given()
    {
        AnnounceRequest request = Request with { TrackerId = "a&b\0"u8.ToArray(), Corrupt = 16_384 };
        string url = HttpTrackerUrl.ForAnnounce("http://t.example/announce", request);
        Assert.Equal("a%26b%00", Parameter(url, "trackerid"));
        Assert.Equal("16384", Parameter(url, "corrupt"));
        Assert.Equal("0", Parameter(HttpTrackerUrl.ForAnnounce("http://t.example/announce", Request), "corrupt"));
    }

    // BEP 48, and the older convention's examples.
    [Theory]
    [InlineData("http://example.com/announce", "http://example.com/scrape?info_hash=")]
    [InlineData("http://example.com/x/announce", "http://example.com/x/scrape?info_hash=")]
    [InlineData("http://example.com/announce.php", "http://example.com/scrape.php?info_hash=")]
    [InlineData("http://example.com/announce?x2%0644", "http://example.com/scrape?x2%0644&info_hash=")]
    [InlineData("http://announce.example.com/announce/key", "http://announce.example.com/scrape/key?info_hash=")]
    [InlineData("http://announce.example.com/a", null)]
    [InlineData("http://example.com/a?announce", null)]
    public void The_scrape_url_follows_the_convention(string tracker, string? begins)
    {
        Assert.Equal(begins is not null, HttpTrackerUrl.TryForScrape(tracker, [Request.InfoHash, default], out string? url));
        if (begins is not null)
            Assert.Equal($"{begins}{EncodedHash}&info_hash={string.Concat(Enumerable.Repeat("%00", 20))}", url);
    }

    private static string? Parameter(string url, string name) =>
        url[(url.IndexOf('?') + 1)..].Split('&').Select(pair => pair.Split('=')).SingleOrDefault(pair => pair[0] == name)?[1];
}
