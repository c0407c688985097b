using System.Net;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Torrents that are known by their info-hash alone and whose peers only the DHT knows: through nodes of other clients, and theirs through
/// ours. All in a network of its own, since libtorrent runs no DHT on local addresses.
/// </summary>
[Collection(nameof(Alone))]
public class DhtTests : InteropTest
{
    // Transmission announces to nobody before it knows nine nodes.
    private const int Nodes = 10;

    // Transmission asks the nodes that it begins from one after the other, seconds apart, and announces within half a minute of that.
    private static readonly TimeSpan DhtPatience = TimeSpan.FromMinutes(5);

    private NetworkNamespace _network = null!;

    public static TheoryData<ClientKind> Clients => [ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2];

    [Theory]
    [MemberData(nameof(Clients))]
    public Task A_bare_info_hash_downloads_through_the_nodes_of_others_from_a_seed_that_announced_itself_there(ClientKind kind) =>
        InNetworkAsync(async () =>
        {
            Require(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Transmission, kind);
            IReadOnlyList<IPEndPoint> nodes = await StartTheirsAsync();
            SampleTorrent torrent = Sample(SampleKind.ManyFiles);
            await New(kind, Options(nodes)).SeedAsync(torrent, torrent.DataFolder);
            await UntilAnnouncedAsync(torrent, nodes);
            await DownloadAsync(torrent, nodes);
        });

    [Theory]
    [MemberData(nameof(Clients))]
    public Task They_find_our_seed_that_announced_itself_to_the_nodes_of_others(ClientKind kind) => InNetworkAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Transmission, kind);
        IReadOnlyList<IPEndPoint> nodes = await StartTheirsAsync();
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        await Own(new FreshetClient(Work, Options(nodes))).SeedAsync(torrent, torrent.DataFolder);
        await UntilAnnouncedAsync(torrent, nodes);
        await LeechAsync(kind, torrent, nodes);
    });

    [Theory]
    [MemberData(nameof(Clients))]
    public Task They_find_each_other_through_our_nodes(ClientKind kind) => InNetworkAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        IReadOnlyList<IPEndPoint> nodes = await StartOursAsync();
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        await New(kind, Options(nodes)).SeedAsync(torrent, torrent.DataFolder);
        await UntilAnnouncedAsync(torrent, nodes);
        await LeechAsync(kind, torrent, nodes);
    });

    private static string LinkOf(SampleTorrent torrent) => "magnet:?xt=urn:btih:" + torrent.InfoHash;

    private Task InNetworkAsync(Func<Task> body) => CaseAsync(async () =>
    {
        using NetworkNamespace? network = NetworkNamespace.TryCreate();
        Assert.SkipUnless(network is not null, "This machine lets nobody make a network namespace.");
        _network = network;
        await body();
    });

    private ClientOptions Options(IReadOnlyList<IPEndPoint> nodes, string? magnet = null) =>
        new() { Address = _network.NextAddress(), Network = _network, DhtNodes = nodes, Magnet = magnet };

    // A DHT of libtorrent's nodes and of one of Transmission's, which seeds something else.
    private async Task<IReadOnlyList<IPEndPoint>> StartTheirsAsync()
    {
        IReadOnlyList<IPEndPoint> nodes = (await OwnAsync(DhtNodes.StartLibtorrentAsync(Work, _network, Nodes))).EndPoints;
        SampleTorrent other = Sample(SampleKind.SingleFile);
        PeerClient transmission = New(ClientKind.Transmission, Options(nodes));
        await transmission.SeedAsync(other, other.DataFolder);
        return [.. nodes, transmission.EndPoint];
    }

    private async Task<IReadOnlyList<IPEndPoint>> StartOursAsync() =>
        (await OwnAsync(DhtNodes.StartFreshetAsync(Work, _network, Nodes))).EndPoints;

    // Clients ask once and then not for a quarter of an hour, so whoever is to find the seed begins when it can be found.
    private async Task UntilAnnouncedAsync(SampleTorrent torrent, IReadOnlyList<IPEndPoint> nodes)
    {
        string[] lookup =
        [
            .. _network.Runner, .. FreshetExecutable.Command, "dht", "lookup", torrent.InfoHash, "--json",
            "--bind", _network.NextAddress().ToString(), "--dht-bootstrap", nodes[0].ToString(),
        ];
        string found = "";
        await Wait.UntilAsync(
            async () =>
            {
                found = await RunAsync(lookup);
                return JsonNode.Parse(found)!["peers"]!.AsArray().Count > 0;
            },
            DhtPatience,
            () => "the DHT knows the seed\n" + found);
    }

    private async Task DownloadAsync(SampleTorrent torrent, IReadOnlyList<IPEndPoint> nodes)
    {
        FreshetClient freshet = Own(new FreshetClient(Work, Options(nodes, torrent.InfoHash)));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(DhtPatience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    }

    private async Task LeechAsync(ClientKind kind, SampleTorrent torrent, IReadOnlyList<IPEndPoint> nodes)
    {
        PeerClient leecher = New(kind, Options(nodes, LinkOf(torrent)));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(DhtPatience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
    }
}
