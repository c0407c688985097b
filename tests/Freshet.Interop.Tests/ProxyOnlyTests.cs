using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download on a machine whose user wants nothing to bypass the proxy: a sniffer on its only interface sees the proxy and nobody else,
/// although everything else could be reached as well, and only the proxy learns the names of the others.
/// </summary>
public class ProxyOnlyTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int TrackerPort = 7001;
    private const int WebSeedPort = 7002;

    private static readonly string World = $"{ProxiedNetwork.World}";

    [Theory]
    [InlineData("danted", false)]
    [InlineData("danted", true)]
    [InlineData("tinyproxy", false)]
    public Task Nothing_bypasses_the_proxy(string program, bool utp) => CaseAsync(async () =>
    {
        await using ProxiedNetwork network = ProxiedNetwork.Start(Work, program);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 8 * MiB);
        Directory.CreateDirectory(NewFolder("web"));
        await using ChildProcess tracker = network.StartFar([.. FreshetExecutable.Command, "tracker",
            "--http", $"{World}:{TrackerPort}", "--udp", $"{World}:{TrackerPort}"]);
        bool served = false;
        await using ChildProcess webSeed = ChildProcess.Start(
            NewFolder("web"), [.. network.Far.Runner, "sh", "-c", $"exec python3 -u -m http.server --bind {World} {WebSeedPort} 2>&1"],
            line => served |= line.Contains("GET /", StringComparison.Ordinal));
        ClientOptions options = new() { Address = ProxiedNetwork.World, Utp = utp };
        FreshetClient seed = Own(new FreshetClient(Work, options) { Runner = network.Far.Runner });
        await seed.SeedAsync(torrent.WithTracker($"http://{World}:{TrackerPort}/announce"), torrent.DataFolder);
        network.Sniff();

        options = options with { Address = ProxiedNetwork.Own, FindsNeighbours = true, MapsPorts = true, Magnet = MagnetOf(torrent) };
        FreshetClient freshet = Own(new FreshetClient(Work, options)
        {
            Runner = network.Near.Runner,
            Interface = "way",
            MoreOptions = ["--proxy", network.Url, "--dht-bootstrap", $"node.test:{seed.EndPoint.Port}", "--max-download", "1M"],
        });
        await freshet.LaunchAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        await freshet.UntilAsync(() => Task.FromResult(served), Patience, "asks the web seed");
        foreach ((ProtocolType protocol, int port, string what) in Tried(network.Relays, utp, seed.EndPoint.Port))
            await freshet.UntilAsync(() => Task.FromResult(network.WasReached(protocol, port)), Patience, what);
        Assert.All(freshet.DialsTried(), dial => Assert.Equal("Proxy", dial.Path));

        network.RequireProxyOnly();
        Assert.Equal(network.Relays, network.OnTheWay.Any(packet => packet.Protocol == ProtocolType.Udp));

        // It relays from one port: any other peer would be found at another port.
        Assert.InRange(network.RelayPorts.Count, 0, 1);
        await network.RequireSightAsync(Patience);
    });

    // This shows that there was something to hide. Without uTP, datagrams to the seed belong to the DHT.
    private static IEnumerable<(ProtocolType Protocol, int Port, string What)> Tried(bool relays, bool utp, int seedPort)
    {
        yield return (relays ? ProtocolType.Udp : ProtocolType.Tcp, TrackerPort, "asks the tracker");
        yield return (utp ? ProtocolType.Udp : ProtocolType.Tcp, seedPort, "connects to the seed");
        if (relays && !utp)
            yield return (ProtocolType.Udp, seedPort, "asks the DHT");
    }

    // The seed is found only through the trackers, whose names only the proxy can look up.
    private static string MagnetOf(SampleTorrent torrent) =>
        $"magnet:?xt=urn:btih:{torrent.InfoHash}&tr=udp%3A%2F%2Ftracker.test%3A{TrackerPort}%2Fannounce"
        + $"&tr=http%3A%2F%2Ftracker.test%3A{TrackerPort}%2Fannounce&ws=http%3A%2F%2Fweb.test%3A{WebSeedPort}%2F";
}
