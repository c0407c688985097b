using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// <c>--proxy-for KINDS</c>: what is named goes through the proxy and not around it, and the rest directly and not through it. Sniffers see
/// both ways, since the machine could reach everybody by either.
/// </summary>
public class ProxyForTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int TrackerPort = 7001;
    private const int WebSeedPort = 7002;

    private static readonly string World = $"{ProxiedNetwork.World}";

    [Theory]
    [InlineData("peers", "udp")]
    [InlineData("trackers", "udp")]
    [InlineData("trackers", "http")]
    [InlineData("webseeds", "http")]
    [InlineData("dht", "udp")]
    [InlineData("peers,dht", "http")]
    public Task Only_what_is_named_goes_through_the_proxy(string kinds, string scheme) => CaseAsync(async () =>
    {
        await using ProxiedNetwork network = ProxiedNetwork.Start(Work, "danted");
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 8 * MiB);
        Directory.CreateDirectory(NewFolder("web"));
        await using ChildProcess tracker = network.StartFar([.. FreshetExecutable.Command, "tracker",
            "--http", $"{World}:{TrackerPort}", "--udp", $"{World}:{TrackerPort}"]);
        await using ChildProcess webSeed = network.StartFar(
            "python3", "-m", "http.server", "--bind", World, $"{WebSeedPort}", "--directory", NewFolder("web"));
        ClientOptions options = new() { Address = ProxiedNetwork.World };
        FreshetClient seed = Own(new FreshetClient(Work, options) { Runner = network.Far.Runner });
        await seed.SeedAsync(torrent.WithTracker($"http://{World}:{TrackerPort}/announce"), torrent.DataFolder);
        await network.UntilListeningAsync(Patience, TrackerPort, WebSeedPort);
        await seed.UntilAsync(() => Task.FromResult(seed.HasAnnounced), Patience, "has announced itself");
        network.Sniff();

        FreshetClient freshet = Own(new FreshetClient(Work, new ClientOptions { Magnet = MagnetOf(torrent, scheme) })
        {
            Runner = network.Near.Runner,
            IsUnbound = true,
            MoreOptions =
            [
                "--proxy", network.Url, "--proxy-for", kinds, "--dht-bootstrap", $"{seed.EndPoint}", "--max-download", "1M",
            ],
        });
        await freshet.LaunchAsync(torrent, NewFolder("freshet"));
        foreach ((string kind, ProtocolType protocol, int port) in Kinds(scheme, seed.EndPoint.Port))
        {
            bool isProxied = kinds.Split(',').Contains(kind);
            await freshet.UntilAsync(
                () => Task.FromResult(isProxied ? network.WasReached(protocol, port) : network.WasReachedDirectly(protocol, port)),
                Patience,
                $"{kind}: reaches {protocol} {port}");
        }

        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        foreach ((string kind, ProtocolType protocol, int port) in Kinds(scheme, seed.EndPoint.Port))
        {
            bool isProxied = kinds.Split(',').Contains(kind);
            Assert.Equal(
                (kind, port, isProxied, !isProxied),
                (kind, port, network.WasReached(protocol, port), network.WasReachedDirectly(protocol, port)));
        }
    });

    // Without uTP, datagrams to the seed belong to the DHT.
    private static IEnumerable<(string Kind, ProtocolType Protocol, int Port)> Kinds(string scheme, int seedPort) =>
    [
        ("trackers", scheme == "udp" ? ProtocolType.Udp : ProtocolType.Tcp, TrackerPort),
        ("peers", ProtocolType.Tcp, seedPort),
        ("dht", ProtocolType.Udp, seedPort),
        ("webseeds", ProtocolType.Tcp, WebSeedPort),
    ];

    private static string MagnetOf(SampleTorrent torrent, string scheme) =>
        $"magnet:?xt=urn:btih:{torrent.InfoHash}&tr={scheme}%3A%2F%2F{World}%3A{TrackerPort}%2Fannounce"
        + $"&ws=http%3A%2F%2F{World}%3A{WebSeedPort}%2F";
}
