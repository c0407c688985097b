using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download that is bound to an interface, by name or by address, on a machine with two routes to the same peers, trackers, DHT node and
/// web seed, of which the other is the better one. Not one packet takes the other, whatever happens to the interface, and all kinds of
/// traffic go over the interface, including the questions for names.
/// </summary>
public class InterfaceTests : InteropTest
{
    private const int MiB = 1024 * 1024;

    // These are public addresses, so that a torrent may name trackers and web seeds there. Nobody runs them; what is sent to them counts.
    private static readonly IPAddress Far = IPAddress.Parse("11.99.0.1");
    private static readonly (ProtocolType Protocol, int Port) DhtNode = (ProtocolType.Udp, 9001);
    private static readonly (ProtocolType Protocol, int Port) UdpTracker = (ProtocolType.Udp, 9002);
    private static readonly (ProtocolType Protocol, int Port) HttpTracker = (ProtocolType.Tcp, 9003);
    private static readonly (ProtocolType Protocol, int Port) WebSeed = (ProtocolType.Tcp, 9004);
    private static readonly (ProtocolType Protocol, int Port) NameServer = (ProtocolType.Udp, 53);
    private static readonly IPAddress First = IPAddress.Parse("10.70.0.2");
    private static readonly IPAddress Later = IPAddress.Parse("10.70.0.3");

    [Theory]
    [InlineData("used", false)]
    [InlineData("used", true)]
    [InlineData("10.70.0.2", false)]
    [InlineData("10.70.0.2", true)]
    public Task Whatever_happens_to_the_interface_nothing_leaves_by_another(string bind, bool utp) => CaseAsync(async () =>
    {
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Join(near, far);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 32 * MiB);

        // Slow enough that the web seed is asked again before the download ends.
        FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { UploadLimit = MiB, Address = Far, Utp = utp })
        {
            Runner = far.Runner,
        });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        using PacketSniffer used = PacketSniffer.Start(near, "used");
        using PacketSniffer other = PacketSniffer.Start(near, "other");
        ClientOptions options = new()
        {
            Utp = utp,
            DhtNodes = [new IPEndPoint(Far, DhtNode.Port)],
            Magnet = MagnetOf(torrent),
            FindsNeighbours = true,
        };
        FreshetClient freshet = Own(new FreshetClient(Work, options)
        {
            Runner = near.Runner,
            Interface = bind,
            Peers = [seed.EndPoint],
        });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.UntilAsync(() => Task.FromResult(freshet.Done > 0.1), Patience, "has begun");
        (ProtocolType, int)[] kinds =
            [(utp ? ProtocolType.Udp : ProtocolType.Tcp, seed.EndPoint.Port), DhtNode, UdpTracker, HttpTracker, WebSeed,
                NameServer];
        foreach ((ProtocolType, int) kind in kinds)
            await freshet.UntilAsync(() => Task.FromResult(Sends(used, 0, First, kind)), Patience, $"has sent to {kind}");

        // An interface may return with another address; an address is waited for.
        bool isName = bind == "used";
        Assert.True(isName ? near.Ip("link", "set", "used", "down") : near.Ip("address", "flush", "dev", "used"));
        string trouble = isName ? "used is down" : "10.70.0.2 is not an address of this machine any more";
        await freshet.UntilAsync(() => Task.FromResult(freshet.Warnings.Any(IsAbout(trouble))), Patience, "tells of it");
        await freshet.UntilAsync(() => Task.FromResult((int?)freshet.Last("progress")?["peers"] == 0), Patience, "has left the seed");
        Assert.False(await freshet.IsCompleteAsync());

        int before = used.Packets.Count;
        IPAddress after = isName ? Later : First;
        Assert.True(near.Ip("address", "flush", "dev", "used") && near.Ip("address", "add", $"{after}/24", "dev", "used"));
        Assert.True(near.Ip("link", "set", "used", "up") && AddRoute(near, "10.70.0.1", "used", 100));
        foreach ((ProtocolType, int) kind in kinds.Skip(1))
            await freshet.UntilAsync(() => Task.FromResult(Sends(used, before, after, kind)), Patience, $"has sent to {kind} again");

        // Where the address is the same, the seed may be the first to dial.
        bool SendsToSeed(PacketSniffer.Packet packet) => packet.From.Equals(after) && packet.To.Equals(Far)
            && packet.Protocol == kinds[0].Item1 && (packet.ToPort == seed.EndPoint.Port || packet.FromPort == freshet.EndPoint.Port);
        await freshet.UntilAsync(
            () => Task.FromResult(used.Packets.Skip(before).Any(packet => !packet.IsReset && SendsToSeed(packet))), Patience,
            "has sent to the seed again");
        await freshet.WaitCompleteAsync(Patience);
        string news = isName ? "used is used from now on with 10.70.0.3" : "10.70.0.2 is an address of this machine again, on used";
        Assert.Contains(freshet.Warnings, warning => IsAbout(news)(warning));
        Assert.Empty(torrent.Differences(NewFolder("freshet")));

        // When an address returns, the system resets what the seed still sends over the connection that was cut, as the routes say: that
        // socket is gone, and with it what it was bound to.
        Assert.DoesNotContain(other.Packets, packet => isName || !packet.IsReset || !SendsToSeed(packet));
        Assert.InRange(other.Packets.Count, 0, 3);

        // The test would have seen it.
        Run(near, "bash", "-c", $"echo > /dev/udp/{Far}/9");
        await freshet.UntilAsync(() => Task.FromResult(other.Packets.Any(packet => packet.To.Equals(Far))), Patience, "is seen");
    });

    private static void Join(NetworkNamespace near, NetworkNamespace far)
    {
        Assert.True(near.Connect("used", $"{First}/24", far, "used", "10.70.0.1/24"));
        Assert.True(near.Connect("other", "10.71.0.2/24", far, "other", "10.71.0.1/24"));
        Assert.True(far.AddAddress($"{Far}/32"));
        near.Configure("hosts", "127.0.0.1 localhost");
        near.Configure("resolv.conf", $"nameserver {Far}\noptions timeout:1 attempts:1");
        Assert.True(AddRoute(near, "10.71.0.1", "other", 10) && AddRoute(near, "10.70.0.1", "used", 100));
    }

    private static string MagnetOf(SampleTorrent torrent) =>
        $"magnet:?xt=urn:btih:{torrent.InfoHash}&tr=http%3A%2F%2F{Far}%3A{HttpTracker.Port}%2Fannounce"
        + "&tr=http%3A%2F%2Ftracker.example%2Fannounce"
        + $"&tr=udp%3A%2F%2F{Far}%3A{UdpTracker.Port}%2Fannounce&ws=http%3A%2F%2F{Far}%3A{WebSeed.Port}%2F";

    private static bool Sends(PacketSniffer used, int since, IPAddress from, (ProtocolType Protocol, int Port) kind) =>
        used.Packets.Skip(since).Any(packet => packet.From.Equals(from) && packet.To.Equals(Far)
            && packet.Protocol == kind.Protocol && packet.ToPort == kind.Port);

    private static bool AddRoute(NetworkNamespace near, string gateway, string device, int metric) =>
        near.Ip("route", "add", "default", "via", gateway, "dev", device, "metric", $"{metric}");

    private static void Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start("ip", ["netns", "exec", network.Name, .. command]);
        process.WaitForExit();
    }

    private static Func<string, bool> IsAbout(string words) => warning => warning.Contains(words, StringComparison.Ordinal);
}
