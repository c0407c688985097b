using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Makes the snapshots of peers that people see.</summary>
internal static class PeerReport
{
    public static ImmutableArray<PeerStatus> Of(PeerSet peers, Timestamp now)
    {
        if (peers.Count == 0)
            return [];
        var statuses = ImmutableArray.CreateBuilder<PeerStatus>(peers.Count);
        foreach (Peer peer in peers.All)
            statuses.Add(Of(peer, now));
        return statuses.MoveToImmutable();
    }

    private static PeerStatus Of(Peer peer, Timestamp now) => new()
    {
        EndPoint = peer.EndPoint,
        Client = PeerIdClient.Identify(peer.Id).ToString(),
        IsOutgoing = peer.IsOutgoing,
        Transport = peer.Way.Transport,
        Encryption = peer.Way.Encryption,
        Connected = now - peer.ConnectedAt,
        Progress = peer.Has.Length == 0 ? 0 : (double)peer.Has.Count / peer.Has.Length,
        IsInteresting = peer.AmInterested,
        IsChoking = peer.IsChoking,
        IsInterested = peer.Uploads.IsInterested,
        IsChoked = peer.Uploads.IsChoked,
        OutstandingRequests = peer.Requests.Count,
        QueuedUploads = peer.Uploads.Queued,
        IsSnubbing = peer.Requests.IsSnubbed,
        Downloaded = new ByteSize(peer.Received.Total),
        Uploaded = new ByteSize(peer.Uploads.Sent.Total),
        DownloadRate = peer.Received.RateAt(now),
        UploadRate = peer.Uploads.Sent.RateAt(now),
    };
}
