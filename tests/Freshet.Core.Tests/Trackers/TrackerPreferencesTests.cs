using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>BEP 34: what the owner of a host says in DNS about its trackers.</summary>
public class TrackerPreferencesTests
{
    private const string Http = "http://tracker.example/announce";

    /// <summary>The examples of the specification.</summary>
    [Theory]
    [InlineData("BITTORRENT", "")]
    [InlineData("BITTORRENT DENY ALL", "")]
    [InlineData("BITTORRENT UDP:1337 TCP:80", "UDP:1337 TCP:80")]
    [InlineData("BITTORRENT TCP:80 UDP:1337", "TCP:80 UDP:1337")]
    public void A_record_has_places_in_order_of_preference(string text, string places) => Assert.Equal(places, PlacesOf(text));

    [Theory]
    [InlineData("BITTORRENT UDP:0 TCP:65536 TCP:-1 TCP: UDP:1x UDP:+1 UDP:١ tcp:80 Udp:80 SCTP:80", "")]
    [InlineData("BITTORRENT  TCP:80   TCP:80 UDP:80", "TCP:80 UDP:80")]
    [InlineData("BITTORRENT UDP:1 UDP:2 UDP:3 UDP:4 UDP:5", "UDP:1 UDP:2 UDP:3")]
    public void Words_that_are_not_places_are_ignored_and_places_are_limited(string text, string places) =>
        Assert.Equal(places, PlacesOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("bittorrent DENY ALL")]
    [InlineData("BITTORRENTS UDP:1")]
    [InlineData(" BITTORRENT UDP:1")]
    public void Other_texts_say_nothing(string text) => Assert.Null(TrackerPreferences.Read([text]));

    [Fact]
    public void The_places_of_several_records_all_count() => Assert.Equal(
        [new(true, 1337), new(false, 80)],
        TrackerPreferences.Read(["BITTORRENT UDP:1337", "v=spf1 -all", "BITTORRENT TCP:80"])!.Places);

    [Theory]
    [InlineData("udp://tracker.example:1337/announce")]
    [InlineData("http://tracker.example/announce?passkey=1")]
    [InlineData("http://user:word@tracker.example:80/a%2Fb")]
    public void A_tracker_that_is_where_the_host_says_is_asked_as_it_is(string tracker) =>
        Assert.Equal([tracker], TrackerPreferences.Read(["BITTORRENT UDP:1337 TCP:80"])!.Apply(tracker));

    [Theory]
    [InlineData("http://tracker.example:6969/announce", "udp://tracker.example:1337/announce http://tracker.example:80/announce")]
    [InlineData("http://tracker.example:6969/k/a?b=%2F", "udp://tracker.example:1337/k/a?b=%2F http://tracker.example:80/k/a?b=%2F")]
    [InlineData("http://me:word@tracker.example:6969", "udp://tracker.example:1337 http://me:word@tracker.example:80")]
    [InlineData("udp://tracker.example:80", "udp://tracker.example:1337 http://tracker.example:80/announce")]
    [InlineData("udp://TRACKER.example:80/key", "udp://tracker.example:1337/key http://tracker.example:80/key")]
    public void Any_other_tracker_is_asked_at_the_hosts_places_in_order(string tracker, string asked) =>
        Assert.Equal(asked.Split(' '), TrackerPreferences.Read(["BITTORRENT UDP:1337 TCP:80"])!.Apply(tracker));

    [Fact]
    public void A_host_without_trackers_is_not_asked() => Assert.Empty(TrackerPreferences.Read(["BITTORRENT DENY ALL"])!.Apply(Http));

    [Fact]
    public void The_port_of_HTTPS_is_asked_with_TLS() =>
        Assert.Equal(["https://tracker.example:443/announce"], TrackerPreferences.Read(["BITTORRENT TCP:443"])!.Apply(Http));

    /// <summary>
    /// Records are not signed, and whoever forges one must not learn the passkey. They cannot name TLS either, so the URL itself comes
    /// last.
    /// </summary>
    [Theory]
    [InlineData(
        "BITTORRENT UDP:1337 TCP:8443 TCP:80",
        "https://tracker.example:8443/key https://tracker.example:80/key https://tracker.example/key")]
    [InlineData("BITTORRENT UDP:1337", "https://tracker.example/key")]
    [InlineData("BITTORRENT DENY ALL", "")]
    public void A_tracker_with_TLS_is_never_asked_without_it(string text, string asked) =>
        Assert.Equal(asked, string.Join(' ', TrackerPreferences.Read([text])!.Apply("https://tracker.example/key")));

    private static string PlacesOf(string text) =>
        string.Join(' ', TrackerPreferences.Read([text])!.Places.Select(static place => $"{(place.IsUdp ? "UDP" : "TCP")}:{place.Port}"));
}
