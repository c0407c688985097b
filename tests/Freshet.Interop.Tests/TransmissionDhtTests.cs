using System.Net;

namespace Freshet.Interop.Tests;

/// <summary>
/// Transmission's seeds in the DHT. It announces a minute or more after it was started, by timers that nothing can hurry; these cases run
/// beside others while they wait.
/// </summary>
public class TransmissionDhtTests : DhtCase
{
    // Transmission announces to nobody before it knows nine nodes.
    private const int Nodes = 10;

    private static readonly TimeSpan ItsPatience = TimeSpan.FromMinutes(4);

    [Fact]
    public Task Its_seed_that_announced_itself_to_nodes_of_libtorrent_is_found() => InNetworkAsync(async () =>
    {
        DhtNodes nodes = await OwnAsync(DhtNodes.StartLibtorrentAsync(Work, Network, Nodes));
        SampleTorrent torrent = NewTorrent(1);
        PeerClient seed = NewSeed(ClientKind.Transmission, nodes.EndPoints);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        nodes.Meet(seed.EndPoint);
        await nodes.UntilFoundAsync(torrent.InfoHash, ItsPatience);
        await DownloadAsync(torrent, nodes.EndPoints[0]);
    });

    [Fact]
    public Task Its_seed_that_announced_itself_to_our_nodes_is_found() => InNetworkAsync(async () =>
    {
        SampleTorrent torrent = NewTorrent(1);
        IReadOnlyList<IPEndPoint> endPoints = DhtNodes.NewEndPoints(Network, Nodes);
        PeerClient seed = NewSeed(ClientKind.Transmission, endPoints);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        DhtNodes nodes = await OwnAsync(DhtNodes.StartFreshetAsync(Work, Network, endPoints, seed.EndPoint));
        await nodes.UntilFoundAsync(torrent.InfoHash, ItsPatience);
        PeerClient libtorrent = NewLeecher(ClientKind.Libtorrent, torrent, endPoints);
        await DownloadAsync(libtorrent, torrent);

        // It has gone when ours begins, which therefore has the torrent from the seed.
        await libtorrent.DisposeAsync();
        await DownloadAsync(torrent, endPoints[0]);
    });
}
