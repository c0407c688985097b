using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>The DHT over IPv6 alone (BEP 32), between machines: each in a network of its own, with a cable between them.</summary>
[Collection(nameof(Alone))]
public class DhtV6Tests : InteropTest
{
    private const int Nodes = 5;
    private static readonly IPAddress Ours = IPAddress.Parse("fd74::2");
    private static readonly IPAddress Theirs = IPAddress.Parse("fd74::1");

    [Fact]
    public Task A_bare_info_hash_downloads_from_another_machine() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet);
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(near.Connect("lan", $"{Ours}/64", far, "lan", $"{Theirs}/64"));

        // Each node has a network of its own, since all of a /64 counts as one host.
        IPEndPoint[] endPoints = [.. Enumerable.Range(1, Nodes).Select(i => new IPEndPoint(IPAddress.Parse($"fd74:{i}::1"), 6881))];
        Assert.All(endPoints, node => Assert.True(far.AddAddress($"{node.Address}/64", "lan")));
        Assert.True(near.Ip("-6", "route", "add", "default", "via", Theirs.ToString()));
        Assert.True(far.Ip("-6", "route", "add", "default", "via", Ours.ToString()));
        await OwnAsync(DhtNodes.StartFreshetAloneAsync(Work, far, endPoints));

        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 1024 * 1024);
        FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { Address = Theirs, DhtNodes = endPoints })
        {
            Runner = far.Runner,
        });
        await seed.SeedAsync(torrent, torrent.DataFolder);

        // The node that asks knows one of the nodes, which leads it to the others.
        string[] lookup = [.. near.Runner, .. FreshetExecutable.Command, "dht", "lookup", torrent.InfoHash, "--json",
            "--bind", Ours.ToString(), "--dht-bootstrap", endPoints[2].ToString()];
        await Wait.UntilAsync(
            async () => (await RunAsync(lookup)).Contains(seed.EndPoint.ToString(), StringComparison.Ordinal),
            Patience,
            () => "it is announced");
        FreshetClient leech = Own(new FreshetClient(
            Work, new ClientOptions { Address = Ours, DhtNodes = endPoints[2..3], Magnet = "magnet:?xt=urn:btih:" + torrent.InfoHash })
        {
            Runner = near.Runner,
        });
        await leech.LeechAsync(torrent, NewFolder("leech"));
        await leech.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leech")));
    });
}
