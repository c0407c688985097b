using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Creates the public snapshots of peers.</summary>
internal static class PeerReport
{
    private const double Median = 0.5;
    private const double Percentile95 = 0.95;

    public static ImmutableArray<PeerStatus> Of(TorrentContext torrent, Timestamp now)
    {
        PeerSet peers = torrent.Peers;
        if (peers.Count == 0)
            return [];
        var statuses = ImmutableArray.CreateBuilder<PeerStatus>(peers.Count);
        foreach (Peer peer in peers.All)
            statuses.Add(Of(peer, SourcesOf(peer, torrent.Book), now));
        return statuses.MoveToImmutable();
    }

    private static PeerSources SourcesOf(Peer peer, PeerBook book)
    {
        PeerSources sources = peer.ListensAt is { } address ? book.SourcesOf(address) : default;
        return peer.IsOutgoing ? sources : sources.With(PeerSource.Incoming);
    }

    private static PeerStatus Of(Peer peer, PeerSources sources, Timestamp now) => new()
    {
        EndPoint = peer.EndPoint,
        Client = PeerIdClient.Identify(peer.Id).ToString(),
        IsOutgoing = peer.IsOutgoing,
        Transport = peer.Way.Transport,
        Encryption = peer.Way.Encryption,
        Path = peer.Way.Path,
        Connected = now - peer.ConnectedAt,
        Progress = peer.Has.Length == 0 ? 0 : (double)peer.Has.Count / peer.Has.Length,
        IsInteresting = peer.AmInterested,
        IsChoking = peer.IsChoking,
        IsInterested = peer.Uploads.IsInterested,
        IsChoked = peer.Uploads.IsChoked,
        Sources = sources,
        OutstandingRequests = peer.Requests.Count,
        QueueDepth = peer.Requests.Depth,
        ResponseTime = peer.Requests.ResponseTime(Median),
        ResponseTime95 = peer.Requests.ResponseTime(Percentile95),
        RoundTrip = peer.RoundTrip,
        QueuedUploads = peer.Uploads.Queued,
        IsSnubbing = peer.Requests.IsSnubbed,
        Downloaded = new ByteSize(peer.Received.Total),
        Uploaded = new ByteSize(peer.Uploads.Sent.Total),
        DownloadRate = peer.Received.RateAt(now),
        UploadRate = peer.Uploads.Sent.RateAt(now),
    };
}
