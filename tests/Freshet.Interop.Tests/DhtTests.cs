using System.Net;

namespace Freshet.Interop.Tests;

/// <summary>The DHT with other clients: ours through their nodes, and theirs through ours.</summary>
[Collection(nameof(Alone))]
public class DhtTests : DhtCase
{
    private const int Nodes = 8;

    [Fact]
    public Task A_bare_info_hash_downloads_through_nodes_of_libtorrent_and_of_Transmission() => InNetworkAsync(async () =>
    {
        DhtNodes nodes = await OwnAsync(DhtNodes.StartLibtorrentAsync(Work, Network, Nodes));
        PeerClient node = NewSeed(ClientKind.Transmission, nodes.EndPoints);
        await ((TransmissionClient)node).WarmUpAsync();
        PeerClient[] seeds = [NewSeed(ClientKind.Libtorrent, nodes.EndPoints), NewSeed(ClientKind.Aria2, nodes.EndPoints)];
        SampleTorrent[] torrents = [NewTorrent(1), NewTorrent(2)];
        await Task.WhenAll(seeds.Zip(torrents, (seed, torrent) => seed.SeedAsync(torrent, torrent.DataFolder)));
        nodes.Meet(node.EndPoint, seeds[1].EndPoint);
        foreach (SampleTorrent torrent in torrents)
            await nodes.UntilFoundAsync(torrent.InfoHash, Patience);

        // Transmission's node leads us to libtorrent's.
        await Task.WhenAll(torrents.Select(torrent => DownloadAsync(torrent, node.EndPoint)));
    });

    [Fact]
    public Task Others_find_our_seed_that_announced_itself_to_nodes_of_libtorrent_and_of_Transmission() => InNetworkAsync(async () =>
    {
        DhtNodes nodes = await OwnAsync(DhtNodes.StartLibtorrentAsync(Work, Network, Nodes));

        // A torrent for each, so that nobody can have it from another who downloads it.
        SampleTorrent[] torrents = [NewTorrent(1), NewTorrent(2), NewTorrent(3)];
        var transmission = (TransmissionClient)NewLeecher(ClientKind.Transmission, torrents[0], nodes.EndPoints);
        await transmission.WarmUpAsync();
        nodes.Meet(transmission.EndPoint);
        await Task.WhenAll(torrents.Select(torrent =>
            NewSeed(ClientKind.Freshet, [transmission.EndPoint, nodes.EndPoints[0]]).SeedAsync(torrent, torrent.DataFolder)));
        foreach (SampleTorrent torrent in torrents)
            await nodes.UntilFoundAsync(torrent.InfoHash, Patience);
        await Task.WhenAll(
            DownloadAsync(transmission, torrents[0]),
            DownloadAsync(NewLeecher(ClientKind.Libtorrent, torrents[1], nodes.EndPoints), torrents[1]),
            DownloadAsync(NewLeecher(ClientKind.Aria2, torrents[2], nodes.EndPoints), torrents[2]));
    });

    [Fact]
    public Task Others_find_each_other_through_our_nodes() => InNetworkAsync(async () =>
    {
        SampleTorrent[] torrents = [NewTorrent(1), NewTorrent(2), NewTorrent(3)];
        IReadOnlyList<IPEndPoint> endPoints = DhtNodes.NewEndPoints(Network, Nodes);
        var transmission = (TransmissionClient)NewLeecher(ClientKind.Transmission, torrents[0], endPoints);
        await transmission.WarmUpAsync();
        DhtNodes nodes = await OwnAsync(DhtNodes.StartFreshetAsync(Work, Network, endPoints, transmission.EndPoint));
        await Task.WhenAll(
            NewSeed(ClientKind.Libtorrent, endPoints).SeedAsync(torrents[0], torrents[0].DataFolder),
            NewSeed(ClientKind.Aria2, endPoints).SeedAsync(torrents[1], torrents[1].DataFolder),
            NewSeed(ClientKind.Libtorrent, endPoints).SeedAsync(torrents[2], torrents[2].DataFolder));
        foreach (SampleTorrent torrent in torrents)
            await nodes.UntilFoundAsync(torrent.InfoHash, Patience);
        await Task.WhenAll(
            DownloadAsync(transmission, torrents[0]),
            DownloadAsync(NewLeecher(ClientKind.Libtorrent, torrents[1], endPoints), torrents[1]),
            DownloadAsync(NewLeecher(ClientKind.Aria2, torrents[2], endPoints), torrents[2]));
    });
}
