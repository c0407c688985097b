using Freshet.Core.Wire.Proxies;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class ProxyEffectsTests
{
    [Theory]
    [InlineData(ProxyKind.Socks5, ProxyUses.All, "all connections: incoming connections, local discovery and port mapping are off.")]
    [InlineData(
        ProxyKind.Http,
        ProxyUses.All,
        "all connections: incoming connections, local discovery, port mapping, uTP, the DHT and UDP trackers are off.")]
    [InlineData(ProxyKind.Http, ProxyUses.Dht, "the DHT: the DHT is off.")]
    [InlineData(
        ProxyKind.Http,
        ProxyUses.Trackers | ProxyUses.WebSeeds | ProxyUses.Dht,
        "trackers, web seeds and the DHT: the DHT and UDP trackers are off.")]
    public void What_a_proxy_turns_off_is_put_in_words(ProxyKind kind, ProxyUses uses, string words) =>
        Assert.Equal($"Through the proxy {Proxy(kind, uses)} alone go {words}", ProxyEffects.Of(Options(kind, uses)));

    [Fact]
    public void What_was_off_anyway_is_not_mentioned()
    {
        SessionOptions options = Options(ProxyKind.Http, ProxyUses.All) with
        {
            Dht = null,
            LocalDiscovery = false,
            PortMapping = false,
            Utp = UtpMode.Off,
        };
        Assert.EndsWith(": incoming connections and UDP trackers are off.", ProxyEffects.Of(options), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_turned_off_nothing_is_said()
    {
        Assert.Null(ProxyEffects.Of(Options(ProxyKind.Socks5, ProxyUses.Trackers | ProxyUses.WebSeeds | ProxyUses.Dht)));
        Assert.Null(ProxyEffects.Of(new SessionOptions { DownloadFolder = "x" }));
    }

    private static ProxyOptions Proxy(ProxyKind kind, ProxyUses uses) =>
        new() { Kind = kind, Host = "proxy.test", Port = 1080, Uses = uses };

    private static SessionOptions Options(ProxyKind kind, ProxyUses uses) => new()
    {
        DownloadFolder = "x",
        Proxy = Proxy(kind, uses),
        Dht = new DhtOptions(),
        LocalDiscovery = true,
        PortMapping = true,
    };
}
