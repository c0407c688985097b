using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>Where a torrent's data comes from and goes to: peers, trackers, web seeds.</summary>
internal sealed class SourceEndpoints(DaemonParts parts)
{
    private static readonly IReadOnlyList<(int, string)> NoTorrent = [(404, "no-such-torrent")];

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/torrents/{hash}/peers", "listPeers", "The connected peers.", PeersAsync)
            { Response = JsonContext.Default.PeerList, Errors = NoTorrent },
        new("POST", "/api/v1/torrents/{hash}/peers", "addPeers", "Adds peers to connect to.", AddPeersAsync)
            { Request = JsonContext.Default.AddPeers, Status = StatusCodes.Status204NoContent, Errors = NoTorrent },
        new("GET", "/api/v1/torrents/{hash}/trackers", "listTrackers", "The trackers.", TrackersAsync)
        {
            Response = JsonContext.Default.TrackerList,
            Errors = NoTorrent,
            Query = [new("keys", "boolean", "Whether the URLs are whole; without it **** stands in place of what may be a passkey.")],
        },
        new("GET", "/api/v1/torrents/{hash}/webseeds", "listWebSeeds", "The web seeds.", WebSeedsAsync)
            { Response = JsonContext.Default.WebSeedList, Errors = NoTorrent },
    ];

    private Task PeersAsync(HttpContext context)
    {
        PeerList peers = new()
        {
            Peers =
            [
                .. context.TorrentOf(parts.Session).Peers
                    .Select(peer => PeerViews.ItemOf(peer, parts.Countries?.Find(peer.EndPoint.Address))),
            ],
        };
        return context.WriteAsync(peers, JsonContext.Default.PeerList);
    }

    private async Task AddPeersAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        AddPeers request = await context.ReadAsync(JsonContext.Default.AddPeers).ConfigureAwait(false);
        await torrent.AddPeersAsync(PeerAddresses.Read(request.Peers, "peers"), context.RequestAborted).ConfigureAwait(false);
        await context.WriteNothingAsync().ConfigureAwait(false);
    }

    private Task TrackersAsync(HttpContext context)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        bool withKeys = context.QueryFlag("keys", @default: false);
        TrackerList trackers = new()
        {
            Trackers = [.. context.TorrentOf(parts.Session).Trackers.Select(tracker => SourceViews.ItemOf(tracker, withKeys, now))],
        };
        return context.WriteAsync(trackers, JsonContext.Default.TrackerList);
    }

    private Task WebSeedsAsync(HttpContext context)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        WebSeedList seeds = new()
        {
            WebSeeds = [.. context.TorrentOf(parts.Session).WebSeeds.Select(seed => SourceViews.ItemOf(seed, now))],
        };
        return context.WriteAsync(seeds, JsonContext.Default.WebSeedList);
    }
}
