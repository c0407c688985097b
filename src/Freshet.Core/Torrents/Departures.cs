using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>Ends connections and takes what they leave behind out of every book, so that nothing waits for a peer that is gone.</summary>
internal sealed class Departures(TorrentContext torrent, Extensions extensions)
{
    private readonly List<BlockRef> _asked = [];

    /// <summary>Whether somebody left an upload slot that nobody has been given since.</summary>
    public bool SlotIsFree { get; set; }

    /// <summary>We end a connection.</summary>
    public void Drop(Peer peer, DisconnectReason reason, Timestamp now, string? words = null)
    {
        torrent.Effects.Disconnect(peer.Key, reason);
        OnGone(peer, reason, now, words);
    }

    /// <summary>Ends all connections.</summary>
    public void DropAll(DisconnectReason reason, Timestamp now)
    {
        while (torrent.Peers.Count > 0)
            Drop(torrent.Peers.All[^1], reason, now);
    }

    /// <summary>A connection has ended.</summary>
    public void OnGone(Peer peer, DisconnectReason reason, Timestamp now, string? words = null)
    {
        peer.End();
        SlotIsFree |= !peer.Uploads.IsChoked;
        _asked.Clear();
        peer.Requests.ForgetAll(_asked);
        foreach (BlockRef block in _asked)
            torrent.Ledger.Release(block, peer.Key);
        torrent.Picker.Abandon(peer.Key);
        torrent.Availability.RemovePeer(peer.Has);
        torrent.Peers.Remove(peer);
        torrent.Blame.OnGone(peer.Key);
        extensions.OnGone(peer);
        if (peer.ListensAt is { } address)
        {
            if (peer.IsSeed)
                torrent.Book.OnSeed(address);
            torrent.Book.OnEnded(address, reason, peer.HasBeenUseful || peer.Uploads.HasSent, now);
        }

        torrent.Effects.Report(new TorrentFact.PeerDisconnected(peer.EndPoint, reason, words));
    }

    /// <summary>Bans an origin for this run, and ends every connection with it.</summary>
    public void Ban(BlockSender sender, string words, Timestamp now)
    {
        torrent.Book.Ban(sender.Origin, words);
        if (sender.EndPoint is { } endPoint)
            torrent.Effects.Report(new TorrentFact.PeerBanned(endPoint, words));
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            if (torrent.Book.Bans.Contains(peer.Sender.Origin))
                Drop(peer, DisconnectReason.Banned, now, words);
        }
    }
}
