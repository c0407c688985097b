using System.Diagnostics;
using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Two homes, each behind a router that really translates addresses and admits nobody, and a relay on the internet that gives next to
/// nothing: what arrives has gone from home to home, through holes that both punched when the relay told them to (BEP 55).
/// </summary>
public class HolePunchTests : InteropTest
{
    private static readonly IPAddress RelayAddress = IPAddress.Parse("11.0.0.1");
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(8);

    // The relay could give a third of the torrent in all that time. The seed takes so long that the relay is not one before the two meet:
    // seeds leave each other.
    private const int Length = 8 * 1024 * 1024;
    private const long RelayLimit = 5_000;
    private const long SeedLimit = 100_000;

    [Theory]
    [InlineData(ClientKind.Freshet, ClientKind.Freshet, ClientKind.Freshet)]
    [InlineData(ClientKind.Libtorrent, ClientKind.Freshet, ClientKind.Freshet)]
    [InlineData(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Freshet)]
    [InlineData(ClientKind.Freshet, ClientKind.Freshet, ClientKind.Libtorrent)]
    public Task Two_peers_behind_routers_meet_with_the_help_of_a_third(ClientKind relaying, ClientKind seeding, ClientKind leeching) =>
        CaseAsync(async () =>
        {
            Require(relaying, seeding, leeching);
            using NetworkNamespace internet = Network();
            using NetworkNamespace oneRouter = Network();
            using NetworkNamespace otherRouter = Network();
            using NetworkNamespace one = Network();
            using NetworkNamespace other = Network();
            Assert.True(internet.Ip("link", "add", "net", "type", "bridge"));
            Assert.True(internet.Ip("address", "add", $"{RelayAddress}/24", "dev", "net"));
            Assert.True(internet.Ip("link", "set", "net", "up"));
            Join(internet, oneRouter, one, 1);
            Join(internet, otherRouter, other, 2);

            SampleTorrent torrent = SampleTorrents.SingleFile(Work, Length);
            PeerClient relay = Client(relaying, internet, RelayAddress, null, RelayLimit);
            await relay.LeechAsync(torrent, NewFolder("relay"));
            PeerClient seed = Client(seeding, one, IPAddress.Parse("10.0.1.2"), relay.EndPoint, SeedLimit);
            await seed.SeedAsync(torrent, torrent.DataFolder);
            await DialAsync(seed, relay);
            PeerClient leech = Client(leeching, other, IPAddress.Parse("10.0.2.2"), relay.EndPoint);
            await leech.LeechAsync(torrent, NewFolder("leech"));
            await DialAsync(leech, relay);
            await leech.WaitCompleteAsync(Enough);
            Assert.Empty(torrent.Differences(NewFolder("leech")));

            // Either may have dialled. If both did at the same moment, that has opened both routers without the third's help: besides
            // those to the third, another direct dial succeeded.
            if (seed is FreshetClient near && leech is FreshetClient far)
            {
                DialTried[] connected = [.. near.DialsTried().Concat(far.DialsTried()).Where(dial => dial.IsConnected)];
                Assert.True(connected.Any(dial => dial.Path == "Hole") || connected.Length > 2, string.Join(", ", connected));
            }
        });

    private static NetworkNamespace Network()
    {
        NetworkNamespace? made = NetworkNamespace.TryCreate();
        Requires.That(made is not null, "Network namespaces cannot be created on this machine.");
        return made;
    }

    // A home behind a router that drops what nobody there has asked for, as home routers do.
    private static void Join(NetworkNamespace internet, NetworkNamespace router, NetworkNamespace home, int number)
    {
        const string Tables = "/usr/sbin/iptables-legacy";
        Requires.That(File.Exists(Tables), $"{Tables} is not installed.");
        Assert.True(internet.Connect($"to{number}", $"192.168.{number}.1/24", router, "wan", $"11.0.0.{1 + number}/24"));
        Assert.True(internet.Ip("link", "set", $"to{number}", "master", "net"));
        Assert.True(home.Connect("lan", $"10.0.{number}.2/24", router, "lan", $"10.0.{number}.1/24"));
        Assert.True(home.Ip("route", "add", "default", "via", $"10.0.{number}.1"));
        Run(router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        Run(router, Tables, "-t", "nat", "-A", "POSTROUTING", "-o", "wan", "-j", "MASQUERADE");
        Run(router, Tables, "-A", "INPUT", "-i", "wan", "-j", "DROP");
    }

    private static void Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start("ip", ["netns", "exec", network.Name, .. command]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // libtorrent can be told about peers only once it runs, and Freshet only before it runs.
    private static Task DialAsync(PeerClient client, PeerClient relay) =>
        client.CanDial ? client.DialAsync(relay.EndPoint) : Task.CompletedTask;

    private PeerClient Client(ClientKind kind, NetworkNamespace network, IPAddress address, IPEndPoint? relay, long? uploadLimit = null)
    {
        ClientOptions options = new()
        {
            Address = address,
            Utp = true,
            TcpToo = true,
            ExchangesPeers = true,
            UploadLimit = uploadLimit,
        };
        return kind == ClientKind.Freshet
            ? Own(new FreshetClient(Work, options) { Runner = network.Runner, Peers = relay is null ? [] : [relay] })
            : Own<PeerClient>(new LibtorrentClient(Work, options) { Runner = network.Runner });
    }
}
