using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Handles what peers send in response to our requests: blocks and rejections, and choke and unchoke.</summary>
internal sealed class BlockMessages(Downloading downloading, Requesting requesting, Departures departures)
{
    public void OnBlock(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (downloading.OnBlock(peer, message.Range, message.Lease, now))
        {
            peer.OnAnswered();
            return;
        }

        peer.OnUnrequested();
        if (peer.UnrequestedBlocks > Limits.MaxUnrequestedBlocks)
            departures.OnViolation(peer, "sent too many unrequested blocks", now);
    }

    public void OnChoke(Peer peer)
    {
        peer.OnChoke(true);

        // With the Fast extension the peer rejects each request that it drops (BEP 6); without it, requests are dropped silently.
        requesting.OnClosed(peer, hasDropped: !peer.IsFast);
    }

    /// <summary>The peer will not send a block that we requested (BEP 6).</summary>
    /// <summary>Returns whether it was a request of ours.</summary>
    public bool OnReject(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!departures.MustSpeakFast(peer, message.Id, now) || !requesting.OnRejected(peer, message.Range, now))
            return false;
        if (peer.IsChoking)
            peer.DisallowFast(message.Piece);
        return true;
    }

    /// <summary>Returns the blocks of a batch whose sender is gone to the pool.</summary>
    public void Discard(in PeerMessage message)
    {
        if (message.Id == MessageId.Piece)
            downloading.Waste(message.Range, message.Lease);
    }

    /// <summary>A batch has been handled; there may be room for more requests to its sender.</summary>
    public void AskForMore(Peer peer, Timestamp now) => requesting.Refill(peer, now);
}
