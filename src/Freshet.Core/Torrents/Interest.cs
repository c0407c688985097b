using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Keeps peers informed of our interest: at any moment we are interested exactly if a peer has something that we want.</summary>
internal sealed class Interest(TorrentContext torrent)
{
    /// <summary>The pieces of a peer have changed in some way.</summary>
    public void Update(Peer peer, Timestamp now) => Set(peer, IsWanted(peer), now);

    /// <summary>A peer has one more piece, which can only create interest.</summary>
    public void OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (!peer.AmInterested && !torrent.Ledger.IsFinished && torrent.Ledger.IsMissing(piece))
            Set(peer, true, now);
    }

    /// <summary>One piece fewer is missing, which can only end interest, and only in peers that have it.</summary>
    public void OnVerified(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (peer.AmInterested && peer.Has[piece] && !IsWanted(peer))
            Set(peer, false, now);
    }

    /// <summary>The set of wanted pieces has changed.</summary>
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
