using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A home network with miniupnpd as its router, which really translates addresses: a peer on the internet reaches us through the port that
/// the router was asked for, and no longer does when we are gone.
/// </summary>
public class PortMappingTests : InteropTest
{
    // A request of PCP for a mapping, with the headers of IP and UDP; one of NAT-PMP has 40 bytes.
    private const int PcpLength = 88;

    private static readonly IPAddress Ours = IPAddress.Parse("10.73.0.2");
    private static readonly IPAddress Router = IPAddress.Parse("11.0.0.1");
    private static readonly IPAddress Far = IPAddress.Parse("11.0.0.2");

    // miniupnpd always answers PCP where it answers NAT-PMP, so a router that only knows the older is made by dropping what PCP asks.
    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public Task A_peer_on_the_internet_reaches_us_through_the_router(string protocol) => CaseAsync(async () =>
    {
        Require();
        using NetworkNamespace? home = NetworkNamespace.TryCreate();
        using NetworkNamespace? router = NetworkNamespace.TryCreate();
        using NetworkNamespace? internet = NetworkNamespace.TryCreate();
        Requires.That(
            home is not null && router is not null && internet is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(home.Connect("lan", $"{Ours}/24", router, "lan", "10.73.0.1/24"));
        Assert.True(internet.Connect("wan", $"{Far}/24", router, "wan", $"{Router}/24"));
        Assert.True(home.Ip("route", "add", "default", "via", "10.73.0.1"));
        if (protocol == "NAT-PMP")
            Run(router, ["iptables-legacy", .. $"-A INPUT -p udp --dport 5351 -m length --length {PcpLength} -j DROP".Split(' ')]);
        using PacketSniffer lan = PacketSniffer.Start(home, "lan");
        using Process gateway = StartRouter(router, protocol);
        try
        {
            SampleTorrent torrent = SampleTorrents.SingleFile(Work, 1024 * 1024);
            FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { Address = Ours, MapsPorts = true })
            {
                Runner = home.Runner,
            });
            await seed.SeedAsync(torrent, torrent.DataFolder);
            await seed.UntilAsync(() => Task.FromResult(Translates(router, seed.EndPoint.Port)), Patience, "has its port mapped");

            Assert.Equal(VersionsOf(protocol), lan.Packets.Where(IsAnswer).Select(static packet => packet.FirstByte).Distinct());

            FreshetClient leech = Own(new FreshetClient(Work, new ClientOptions { Address = Far })
            {
                Runner = internet.Runner,
                Peers = [new IPEndPoint(Router, seed.EndPoint.Port)],
            });
            await leech.LeechAsync(torrent, NewFolder("leech"));
            await leech.WaitCompleteAsync(Patience);
            Assert.Empty(torrent.Differences(NewFolder("leech")));
            Assert.Equal(0, await seed.InterruptAsync());
            Assert.False(Translates(router, seed.EndPoint.Port));
        }
        finally
        {
            gateway.Kill(entireProcessTree: true);
            await gateway.WaitForExitAsync(CancellationToken.None);
        }
    });

    private static byte?[] VersionsOf(string protocol) => protocol switch
    {
        "PCP" => [2],
        "NAT-PMP" => [0],
        _ => [],
    };

    // What the router says on the port of both protocols, whose first byte is the version.
    private static bool IsAnswer(PacketSniffer.Packet packet) =>
        packet.Protocol == ProtocolType.Udp && packet.FromPort == 5351 && packet.To.Equals(Ours);

    private static void Require()
    {
        foreach (string program in (string[])["/usr/sbin/miniupnpd", "/usr/sbin/iptables-legacy"])
        {
            Requires.That(File.Exists(program), $"{program} is not installed.");
        }
    }

    private Process StartRouter(NetworkNamespace router, string protocol)
    {
        (string natPmp, string upnp) = protocol == "UPnP" ? ("no", "yes") : ("yes", "no");
        Run(router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        string[] rules =
        [
            "-t nat -N MINIUPNPD", "-t nat -A PREROUTING -i wan -j MINIUPNPD", "-t nat -N MINIUPNPD-POSTROUTING",
            "-t filter -N MINIUPNPD", "-t mangle -N MINIUPNPD",
        ];
        foreach (string rule in rules)
            Run(router, ["iptables-legacy", .. rule.Split(' ')]);
        string configuration = Path.Combine(Work, "miniupnpd.conf");
        File.WriteAllLines(configuration,
        [
            "ext_ifname=wan", "listening_ip=lan", "port=0", $"enable_natpmp={natPmp}", $"enable_upnp={upnp}", "secure_mode=yes",
            "min_lifetime=120", "max_lifetime=86400", "uuid=00000000-0000-0000-0000-000000000001",
            "allow 1024-65535 10.73.0.0/24 1024-65535", "deny 0-65535 0.0.0.0/0 0-65535",
        ]);
        string[] command =
        [
            "netns", "exec", router.Name, "/usr/sbin/miniupnpd", "-d", "-f", configuration, "-P", Path.Combine(Work, "miniupnpd.pid"),
        ];
        return Process.Start(new ProcessStartInfo("ip", command) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    private static bool Translates(NetworkNamespace router, int port)
    {
        string rules = Run(router, "iptables-legacy", "-t", "nat", "-S", "MINIUPNPD");
        return rules.Contains(string.Create(CultureInfo.InvariantCulture, $"--dport {port} -j DNAT"), StringComparison.Ordinal);
    }

    private static string Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("ip", ["netns", "exec", network.Name, .. command]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
