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

    // In all the time that a case may take, the relay could give a fifth of the torrent, and does not complete it: seeds leave each other.
    private const int Length = 8 * 1024 * 1024;
    private const long RelayUploadLimit = 5_000;
    private const long RelayDownloadLimit = 20_000;
    private const string Tables = "/usr/sbin/iptables-legacy";

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

            Separate(oneRouter, "-A");
            SampleTorrent torrent = SampleTorrents.SingleFile(Work, Length);
            PeerClient relay = Relay(relaying, internet);
            await relay.LeechAsync(torrent, NewFolder("relay"));
            PeerClient seed = Home(seeding, one, "10.0.1.2", relay);
            await seed.SeedAsync(torrent, torrent.DataFolder);
            await DialAsync(seed, relay);
            PeerClient leech = Home(leeching, other, "10.0.2.2", relay);
            await leech.LeechAsync(torrent, NewFolder("leech"));
            await DialAsync(leech, relay);
            await OpenWhenToldAsync(oneRouter, seed, leech);
            await leech.WaitCompleteAsync(Patience);
            Assert.Empty(torrent.Differences(NewFolder("leech")));

            // Either may have dialled. Once the routers are open, later dials need no help.
            FreshetClient[] homes = [.. new[] { seed, leech }.OfType<FreshetClient>()];
            PeerWayTaken[] first = [.. homes.SelectMany(static home => Dialled(home).Take(1))];
            Assert.All(first, static way => Assert.Equal(("Utp", "Hole"), (way.Transport, way.Path)));
            Assert.True(homes.Length == 1 || first.Length > 0, "Neither has dialled the other.");
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
        Requires.That(File.Exists(Tables), $"{Tables} is not installed.");
        Assert.True(internet.Connect($"to{number}", $"192.168.{number}.1/24", router, "wan", $"11.0.0.{1 + number}/24"));
        Assert.True(internet.Ip("link", "set", $"to{number}", "master", "net"));
        Assert.True(home.Connect("lan", $"10.0.{number}.2/24", router, "lan", $"10.0.{number}.1/24"));
        Assert.True(home.Ip("route", "add", "default", "via", $"10.0.{number}.1"));
        Run(router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        Run(router, Tables, "-t", "nat", "-A", "POSTROUTING", "-o", "wan", "-j", "MASQUERADE");
        Run(router, Tables, "-A", "INPUT", "-i", "wan", "-j", "DROP");
    }

    // Two that dial each other at the same moment open their routers without help. So nothing passes between the homes until the third has
    // told those that log it.
    private static async Task OpenWhenToldAsync(NetworkNamespace router, params PeerClient[] homes)
    {
        foreach (FreshetClient freshet in homes.OfType<FreshetClient>())
            await freshet.UntilAsync(() => Task.FromResult(freshet.IsToldToPunch), Patience, "is told to punch a hole");
        Separate(router, "-D");
    }

    private static void Separate(NetworkNamespace router, string change) =>
        Run(router, Tables, change, "FORWARD", "-o", "wan", "!", "-d", $"{RelayAddress}", "-j", "DROP");

    private static IEnumerable<PeerWayTaken> Dialled(FreshetClient freshet) =>
        freshet.WaysTaken().Where(static way => way.IsOutgoing && !way.Peer.StartsWith($"{RelayAddress}:", StringComparison.Ordinal));

    private static void Run(NetworkNamespace network, params string[] command)
    {
        using Process process = Process.Start("ip", ["netns", "exec", network.Name, .. command]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // libtorrent can be told about peers only once it runs, and Freshet only before it runs.
    private static Task DialAsync(PeerClient client, PeerClient relay) =>
        client.CanDial ? client.DialAsync(relay.EndPoint) : Task.CompletedTask;

    private PeerClient Relay(ClientKind kind, NetworkNamespace network) => Client(kind, network, null, new ClientOptions
    {
        Address = RelayAddress,
        Utp = true,
        TcpToo = true,
        ExchangesPeers = true,
        UploadLimit = RelayUploadLimit,
        DownloadLimit = RelayDownloadLimit,
    });

    // libtorrent finds a peer that it is to call only by the address from which it is connected, and over TCP that is not the one at which
    // the peer listens.
    private PeerClient Home(ClientKind kind, NetworkNamespace network, string address, PeerClient relay) =>
        Client(kind, network, relay.EndPoint, new ClientOptions
        {
            Address = IPAddress.Parse(address),
            Utp = true,
            TcpToo = relay.Kind == ClientKind.Freshet,
            ExchangesPeers = true,
        });

    private PeerClient Client(ClientKind kind, NetworkNamespace network, IPEndPoint? peer, ClientOptions options) =>
        kind == ClientKind.Freshet
            ? Own(new FreshetClient(Work, options) { Runner = network.Runner, Peers = peer is null ? [] : [peer] })
            : Own<PeerClient>(new LibtorrentClient(Work, options) { Runner = network.Runner });
}
