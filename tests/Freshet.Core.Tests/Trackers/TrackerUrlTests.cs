using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class TrackerUrlTests
{
    [Theory]
    [InlineData("http://tracker.example:6969/announce", "http://tracker.example:6969/announce")]
    [InlineData("udp://tracker.example:1337", "udp://tracker.example:1337")]
    [InlineData("http://[::1]:80/announce.php", "http://[::1]:80/announce.php")]
    [InlineData("https://t.example/0123456789abcdef0123456789abcdef/announce", "https://t.example/****/announce")]
    [InlineData("https://t.example/announce/0123456789abcdef", "https://t.example/announce/****")]
    [InlineData("https://t.example/announce.php?passkey=0123456789&uid=7", "https://t.example/announce.php?passkey=****&uid=****")]
    [InlineData("https://t.example?0123456789abcdef", "https://t.example?****")]
    [InlineData("https://t.example/announce?a=&bcdefgh#secret", "https://t.example/announce?a=&b****")]
    [InlineData("https://me:secret@t.example/announce", "https://****@t.example/announce")]
    [InlineData("https://me:sec@ret@t.example/announce", "https://****@t.example/announce")]
    [InlineData("https://t.example/download/0123456789abcdef0123.torrent", "https://t.example/download/****")]
    [InlineData("https://t.example/download/a-distribution-24.04.1.torrent", "https://t.example/download/a-distribution-24.04.1.torrent")]
    [InlineData("", "")]
    [InlineData("no url at all", "no url at all")]
    public void Whatever_may_be_a_key_is_masked(string url, string masked) => Assert.Equal(masked, TrackerUrl.Mask(url));

    [Fact]
    public void A_status_has_both()
    {
        TrackerStatus status = new() { Url = "http://t.example/a1b2c3d4e5/announce", Tier = 0, State = TrackerState.Idle };
        Assert.Equal("http://t.example/****/announce", status.MaskedUrl);
    }
}
