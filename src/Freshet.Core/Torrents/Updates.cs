using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>What peers that were greeted are told later: whether we still want pieces (BEP 21).</summary>
internal sealed class Updates(TorrentContext torrent, Extensions extensions)
{
    /// <summary>Tells all peers whether we still want pieces.</summary>
    public void SendUploadOnly(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            if (!torrent.Offer.IsHiddenFrom(peer))
                SendUploadOnly(peer, now);
        }
    }

    /// <summary>
    /// Tells one peer whether we still want pieces. A second extension handshake says that we do not; clients of libtorrent take from one
    /// only that, so that we do again is a message of theirs where it is understood.
    /// </summary>
    public void SendUploadOnly(Peer peer, Timestamp now)
    {
        if (!peer.HasExtensions)
            return;
        if (Greeting.IsUploadOnlyTo(torrent, peer) || !UploadOnlyMessages.TrySend(peer, extensions, isUploadOnly: false, now))
            Greeting.SendHandshake(torrent, peer, [], now);
    }
}
