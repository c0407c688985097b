using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download that is bound to an interface by its name, on a machine with two ways to the same peers, of which the other is the better:
/// not one packet goes there, whatever becomes of the interface.
/// </summary>
public class InterfaceTests : InteropTest
{
    private const int MiB = 1024 * 1024;

    private static readonly IPAddress Far = IPAddress.Parse("10.99.0.1");
    private static readonly IPAddress Later = IPAddress.Parse("10.70.0.3");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Whatever_becomes_of_the_interface_nothing_leaves_by_another(bool utp) => CaseAsync(async () =>
    {
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Assert.SkipUnless(near is not null && far is not null, "This machine lets nobody make a network namespace.");
        Join(near, far);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 24 * MiB);
        FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { UploadLimit = 4 * MiB, Address = Far, Utp = utp })
        {
            Runner = far.Runner,
        });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        using PacketSniffer used = PacketSniffer.Start(near, "used");
        using PacketSniffer other = PacketSniffer.Start(near, "other");
        ClientOptions options = new()
        {
            Utp = utp,
            DhtNodes = [new IPEndPoint(Far, 9)],
            Magnet = MagnetOf(torrent),
            FindsNeighbours = true,
        };
        FreshetClient freshet = Own(new FreshetClient(Work, options)
        {
            Runner = near.Runner,
            Interface = "used",
            Peers = [seed.EndPoint],
        });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.UntilAsync(() => Task.FromResult(freshet.Done > 0.1), Patience, "has begun");

        Assert.True(near.Ip("link", "set", "used", "down"));
        await freshet.UntilAsync(() => Task.FromResult(freshet.Warnings.Any(IsAbout("used is down"))), Patience, "tells of it");
        await freshet.UntilAsync(() => Task.FromResult((int?)freshet.Last("progress")?["peers"] == 0), Patience, "has left the seed");
        Assert.False(await freshet.IsCompleteAsync());

        Assert.True(near.Ip("address", "flush", "dev", "used") && near.Ip("address", "add", $"{Later}/24", "dev", "used"));
        Assert.True(near.Ip("link", "set", "used", "up") && AddRoute(near, "10.70.0.1", "used", 100));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Contains(freshet.Warnings, warning => IsAbout("used is used from now on with 10.70.0.3")(warning));
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        ProtocolType protocol = utp ? ProtocolType.Udp : ProtocolType.Tcp;
        Assert.Contains(used.Packets, packet => packet.From.Equals(Later) && packet.Protocol == protocol);
        Assert.Empty(other.Packets);

        // It would have been seen.
        Run(near, "bash", "-c", "echo > /dev/udp/10.99.0.1/9");
        await freshet.UntilAsync(() => Task.FromResult(other.Packets.Any(packet => packet.To.Equals(Far))), Patience, "is seen");
    });

    private static void Join(NetworkNamespace near, NetworkNamespace far)
    {
        Assert.True(near.Connect("used", "10.70.0.2/24", far, "used", "10.70.0.1/24"));
        Assert.True(near.Connect("other", "10.71.0.2/24", far, "other", "10.71.0.1/24"));
        Assert.True(far.AddAddress("10.99.0.1/32"));
        Assert.True(AddRoute(near, "10.71.0.1", "other", 10) && AddRoute(near, "10.70.0.1", "used", 100));
    }

    // Trackers and a web seed that nobody runs: what is sent to them counts.
    private static string MagnetOf(SampleTorrent torrent) =>
        $"magnet:?xt=urn:btih:{torrent.InfoHash}&tr=udp%3A%2F%2F10.99.0.1%3A9%2Fannounce&tr=http%3A%2F%2F10.99.0.1%3A9%2Fannounce"
        + "&ws=http%3A%2F%2F10.99.0.1%3A9%2F";

    private static bool AddRoute(NetworkNamespace near, string gateway, string device, int metric) =>
        near.Ip("route", "add", "default", "via", gateway, "dev", device, "metric", $"{metric}");

    private static void Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start("ip", ["netns", "exec", network.Name, .. command]);
        process.WaitForExit();
    }

    private static Func<string, bool> IsAbout(string words) => warning => warning.Contains(words, StringComparison.Ordinal);
}
