using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Tells peers whether they have anything that we want: at any moment, interested exactly if they do.</summary>
internal sealed class Interest(TorrentContext torrent)
{
    /// <summary>A peer's pieces changed in some way.</summary>
    public void Update(Peer peer, Timestamp now) => Set(peer, IsWanted(peer), now);

    /// <summary>A peer got one piece more, which can only wake interest.</summary>
    public void OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (!peer.AmInterested && !torrent.Ledger.IsFinished && torrent.Ledger.IsMissing(piece))
            Set(peer, true, now);
    }

    /// <summary>One piece less is missing, which can only end interest, and only in those that have it.</summary>
    public void OnVerified(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (peer.AmInterested && peer.Has[piece] && !IsWanted(peer))
            Set(peer, false, now);
    }

    /// <summary>What we want changed.</summary>
    public void UpdateAll(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
            Update(peer, now);
    }

    private bool IsWanted(Peer peer) => torrent.Ledger.WantsAnyOf(peer.Has);

    private static void Set(Peer peer, bool interested, Timestamp now)
    {
        if (peer.AmInterested == interested)
            return;
        peer.SetInterest(interested);
        peer.Send(interested ? PeerMessage.Interested : PeerMessage.NotInterested, now);
    }
}
