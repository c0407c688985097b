using System.Diagnostics;
using System.Net;
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
    private const int ProxyPort = 1080;
    private const int TrackerPort = 7001;
    private const int WebSeedPort = 7002;

    private static readonly IPAddress Near = IPAddress.Parse("10.70.0.2");
    private static readonly IPAddress Proxy = IPAddress.Parse("10.70.0.1");
    private static readonly IPAddress World = IPAddress.Parse("10.99.0.1");
    private static readonly IPAddress WorldV6 = IPAddress.Parse("fd99::1");

    [Theory]
    [InlineData("danted", false)]
    [InlineData("danted", true)]
    [InlineData("tinyproxy", false)]
    public Task Nothing_bypasses_the_proxy(string program, bool utp) => CaseAsync(async () =>
    {
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Requires.That(File.Exists($"/usr/sbin/{program}") || File.Exists($"/usr/bin/{program}"), $"{program} is not installed.");
        Join(near, far);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 8 * MiB);
        Directory.CreateDirectory(NewFolder("web"));
        await using ChildProcess proxy = Start(far, program == "danted" ? Dante() : Tinyproxy());
        await using ChildProcess tracker = Start(far, [.. FreshetExecutable.Command, "tracker",
            "--http", $"{World}:{TrackerPort}", "--udp", $"{World}:{TrackerPort}"]);
        bool served = false;
        await using ChildProcess webSeed = ChildProcess.Start(
            NewFolder("web"), [.. far.Runner, "sh", "-c", $"exec python3 -u -m http.server --bind {World} {WebSeedPort} 2>&1"],
            line => served |= line.Contains("GET /", StringComparison.Ordinal));
        ClientOptions options = new() { Address = World, Utp = utp };
        FreshetClient seed = Own(new FreshetClient(Work, options) { Runner = far.Runner });
        await seed.SeedAsync(torrent.WithTracker($"http://{World}:{TrackerPort}/announce"), torrent.DataFolder);
        using PacketSniffer way = PacketSniffer.Start(near, "way");
        using PacketSniffer local = PacketSniffer.Start(near, "lo");
        using PacketSniffer world = PacketSniffer.Start(far, "lo");

        string scheme = program == "danted" ? "socks5" : "http";
        options = options with { Address = Near, FindsNeighbours = true, MapsPorts = true, Magnet = MagnetOf(torrent) };
        FreshetClient freshet = Own(new FreshetClient(Work, options)
        {
            Runner = near.Runner,
            Interface = "way",
            MoreOptions = ["--proxy", $"{scheme}://{Proxy}:{ProxyPort}", "--dht-bootstrap", $"node.test:{seed.EndPoint.Port}",
                "--max-download", "1M"],
        });
        await freshet.LaunchAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        await freshet.UntilAsync(() => Task.FromResult(served), Patience, "asks the web seed");
        foreach ((ProtocolType protocol, int port, string what) in Tried(program == "danted", utp, seed.EndPoint.Port))
        {
            await freshet.UntilAsync(
                () => Task.FromResult(world.Packets.Any(packet => packet.Protocol == protocol && packet.ToPort == port)), Patience, what);
        }

        Assert.All(way.Packets, packet => Assert.True(IsOfProxy(packet), packet.ToString()));
        Assert.Contains(way.Packets, packet => packet.Protocol == ProtocolType.Tcp);
        Assert.Equal(program == "danted", way.Packets.Any(packet => packet.Protocol == ProtocolType.Udp));

        // It relays from one port: any other peer would be found at another port. What it wraps may
        // have become too long for one packet.
        Assert.InRange(way.Packets.Where(packet => packet.Protocol == ProtocolType.Udp && packet.FromPort != 0)
            .Select(packet => packet.From.Equals(Proxy) ? packet.FromPort : packet.ToPort).Distinct().Count(), 0, 1);
        Assert.Empty(local.Packets);

        // The sniffer would have seen them: a datagram over either family, and the question for a name.
        Run(near, "bash", "-c", $"echo > /dev/udp/{World}/9; echo > /dev/udp/{WorldV6}/9; getent hosts nobody.test");
        await freshet.UntilAsync(() => Task.FromResult(way.Packets.Any(packet => packet.To.Equals(WorldV6))), Patience, "is seen");
        await freshet.UntilAsync(() => Task.FromResult(way.Packets.Any(packet => packet.ToPort == 9)), Patience, "is seen");
        await freshet.UntilAsync(() => Task.FromResult(way.Packets.Any(packet => packet.ToPort == 53)), Patience, "is seen");
    });

    // This shows that there was something to hide. Without uTP, datagrams to the seed belong to the DHT.
    private static IEnumerable<(ProtocolType Protocol, int Port, string What)> Tried(bool relays, bool utp, int seedPort)
    {
        yield return (relays ? ProtocolType.Udp : ProtocolType.Tcp, TrackerPort, "asks the tracker");
        yield return (utp ? ProtocolType.Udp : ProtocolType.Tcp, seedPort, "connects to the seed");
        if (relays && !utp)
            yield return (ProtocolType.Udp, seedPort, "asks the DHT");
    }

    private static void Join(NetworkNamespace near, NetworkNamespace far)
    {
        far.Configure("hosts", $"127.0.0.1 localhost\n{World} tracker.test web.test node.test");
        near.Configure("hosts", "127.0.0.1 localhost");
        near.Configure("resolv.conf", $"nameserver {World}\noptions timeout:1 attempts:1");
        Assert.True(near.Connect("way", $"{Near}/24", far, "way", $"{Proxy}/24"));
        Assert.True(far.AddAddress($"{World}/32") && near.Ip("route", "add", "default", "via", $"{Proxy}"));

        // No peer is reachable only over IPv6, but whatever is sent to everybody could leave this way.
        Assert.True(near.Ip("address", "add", "fd70::2/64", "dev", "way", "nodad") && far.AddAddress($"{WorldV6}/128"));
        Assert.True(far.Ip("address", "add", "fd70::1/64", "dev", "way", "nodad"));
        Assert.True(near.Ip("route", "add", "default", "via", "fd70::1"));
    }

    // The seed is found only through the trackers, whose names only the proxy can look up.
    private static string MagnetOf(SampleTorrent torrent) =>
        $"magnet:?xt=urn:btih:{torrent.InfoHash}&tr=udp%3A%2F%2Ftracker.test%3A{TrackerPort}%2Fannounce"
        + $"&tr=http%3A%2F%2Ftracker.test%3A{TrackerPort}%2Fannounce&ws=http%3A%2F%2Fweb.test%3A{WebSeedPort}%2F";

    private static bool IsOfProxy(PacketSniffer.Packet packet)
    {
        bool isTo = packet.To.Equals(Proxy);
        return (isTo ? packet.From : packet.To).Equals(Near) && (isTo || packet.From.Equals(Proxy))
            && (packet.Protocol == ProtocolType.Udp
                || (packet.Protocol == ProtocolType.Tcp && (isTo ? packet.ToPort : packet.FromPort) == ProxyPort));
    }

    private ChildProcess Start(NetworkNamespace network, IEnumerable<string> command) =>
        ChildProcess.Start(Work, [.. network.Runner, .. command]);

    // Its children outlive it for a moment, and must not hold its output open.
    private string[] Dante()
    {
        string configuration = Configure($$"""
            logoutput: /dev/null
            internal: {{Proxy}} port = {{ProxyPort}}
            external: {{World}}
            clientmethod: none
            socksmethod: none
            client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            """);
        return ["sh", "-c", $"exec danted -f {configuration} -p {Path.Combine(Work, "proxy.pid")} > /dev/null 2>&1"];
    }

    private string[] Tinyproxy() =>
        ["tinyproxy", "-d", "-c", Configure($"Port {ProxyPort}\nListen {Proxy}\nTimeout 60\nLogLevel Critical")];

    private string Configure(string text)
    {
        string path = Path.Combine(Work, "proxy.conf");
        File.WriteAllText(path, text + "\n");
        return path;
    }

    private static void Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start("ip", ["netns", "exec", network.Name, .. command]);
        process.WaitForExit();
    }
}
