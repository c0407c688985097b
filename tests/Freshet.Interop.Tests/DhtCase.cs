using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Torrents whose peers are known only to the DHT, in a network of its own, since libtorrent runs no DHT on local addresses.
/// </summary>
public abstract class DhtCase : InteropTest
{
    private const int KiB = 1024;

    protected NetworkNamespace Network { get; private set; } = null!;

    protected Task InNetworkAsync(Func<Task> body) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2);
        using NetworkNamespace? network = NetworkNamespace.TryCreate(spreads: true);
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        Network = network;
        await body();
    });

    protected PeerClient NewSeed(ClientKind kind, IReadOnlyList<IPEndPoint> nodes) => New(kind, Options(nodes, magnet: null));

    protected PeerClient NewLeecher(ClientKind kind, SampleTorrent torrent, IReadOnlyList<IPEndPoint> nodes) =>
        New(kind, Options(nodes, "magnet:?xt=urn:btih:" + torrent.InfoHash));

    protected SampleTorrent NewTorrent(int number) =>
        SampleTorrents.SingleFile(Path.Combine(Work, $"torrent {number}"), (512 * KiB) + number, pieceLength: 64 * KiB);

    /// <summary>Downloads with our client from a bare info-hash.</summary>
    protected Task DownloadAsync(SampleTorrent torrent, params IReadOnlyList<IPEndPoint> nodes) =>
        DownloadAsync(Own(new FreshetClient(Work, Options(nodes, torrent.InfoHash))), torrent);

    protected async Task DownloadAsync(PeerClient leecher, SampleTorrent torrent)
    {
        string folder = NewFolder($"{leecher.Kind}-{torrent.InfoHash}");
        await leecher.LeechAsync(torrent, folder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(folder, leecher.WritesEmptyFiles));
    }

    private ClientOptions Options(IReadOnlyList<IPEndPoint> nodes, string? magnet) =>
        new() { Address = Network.NextAddress(), Network = Network, DhtNodes = nodes, Magnet = magnet };
}
