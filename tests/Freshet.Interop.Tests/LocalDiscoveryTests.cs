using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Local discovery (BEP 14) with libtorrent, each in a network of its own, with a cable between them and no other source.
/// </summary>
public class LocalDiscoveryTests : InteropTest
{
    private static readonly IPAddress Ours = IPAddress.Parse("10.72.0.2");
    private static readonly IPAddress Theirs = IPAddress.Parse("10.72.0.1");
    private static readonly IPAddress OursV6 = IPAddress.Parse("fd72::2");
    private static readonly IPAddress TheirsV6 = IPAddress.Parse("fd72::1");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_torrent_comes_from_a_neighbour(bool weSeed) => ComesAsync(weSeed, Ours, Theirs, 24);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_torrent_comes_from_a_neighbour_over_IPv6(bool weSeed) => ComesAsync(weSeed, OursV6, TheirsV6, 64);

    [Fact]
    public Task A_neighbour_that_comes_later_is_heard() => CaseAsync(async () =>
    {
        Require(ClientKind.Libtorrent);
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(near.Connect("lan", $"{Ours}/24", far, "lan", $"{Theirs}/24"));
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 1024 * 1024);
        FreshetClient leech = Own(new FreshetClient(Work, new ClientOptions { Address = Ours, FindsNeighbours = true })
        {
            Runner = near.Runner,
            Interface = "lan",
        });
        using PacketSniffer lan = PacketSniffer.Start(near, "lan");
        await leech.LeechAsync(torrent, NewFolder("leech"));

        // Our first announce is over, and the next is five minutes away.
        IPAddress group = IPAddress.Parse("239.192.152.143");
        await leech.UntilAsync(() => Task.FromResult(lan.Packets.Any(packet => packet.To.Equals(group))), Patience, "has announced");
        LibtorrentClient seed = Own(new LibtorrentClient(Work, new ClientOptions { Address = Theirs, FindsNeighbours = true })
        {
            Runner = far.Runner,
        });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await leech.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leech")));
    });

    private Task ComesAsync(bool weSeed, IPAddress ours, IPAddress theirs, int prefix) => CaseAsync(async () =>
    {
        Require(ClientKind.Libtorrent);
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(near.Connect("lan", $"{ours}/{prefix}", far, "lan", $"{theirs}/{prefix}"));
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 1024 * 1024);
        FreshetClient freshet = Own(new FreshetClient(Work, new ClientOptions { Address = ours, FindsNeighbours = true })
        {
            Runner = near.Runner,
            Interface = "lan",
        });
        LibtorrentClient other = Own(new LibtorrentClient(Work, new ClientOptions { Address = theirs, FindsNeighbours = true })
        {
            Runner = far.Runner,
        });
        PeerClient seed = weSeed ? freshet : other;
        PeerClient leech = weSeed ? other : freshet;

        // The second to come announces at once; the first must not learn of it in any other way.
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await leech.LeechAsync(torrent, NewFolder("leech"));
        await leech.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leech")));
    });
}
