using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>What peers answer to our requests: blocks, rejections, and whether they take requests at all.</summary>
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
            departures.OnViolation(peer, "sent many blocks that nobody asked for", now);
    }

    public void OnChoke(Peer peer)
    {
        peer.OnChoke(true);

        // With the Fast extension what it drops is rejected one by one (BEP 6); without it, silently.
        requesting.OnClosed(peer, hasDropped: !peer.IsFast);
    }

    /// <summary>It will not send a block that we asked for (BEP 6).</summary>
    public void OnReject(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (departures.MustSpeakFast(peer, message.Id, now) && requesting.OnRejected(peer, message.Range, now) && peer.IsChoking)
            peer.DisallowFast(message.Piece);
    }

    /// <summary>Gives the blocks in a batch back that nobody can take: their sender is gone.</summary>
    public void Discard(in PeerMessage message)
    {
        if (message.Id == MessageId.Piece)
            downloading.Waste(message.Range, message.Lease);
    }

    /// <summary>A batch is handled, after which there may be more to ask of its sender.</summary>
    public void AskForMore(Peer peer, Timestamp now) => requesting.Refill(peer, now);
}
