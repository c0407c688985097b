using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Which pieces the connected peers have between them, and which are on their way to one of them. What a free-rider has is as good as
/// nowhere: it counts for <see cref="Taken"/> only. It is recomputed on each use: that costs a few operations for every 64 pieces of a
/// peer, and there is no state to keep in step.
/// </summary>
internal sealed class CopyCount
{
    private Bitfield _several = new(0);

    /// <summary>Pieces that at least one peer has.</summary>
    public Bitfield There { get; private set; } = new(0);

    /// <summary>Pieces that a peer has, or that left for it whole.</summary>
    public Bitfield Out { get; private set; } = new(0);

    /// <summary>Pieces that a peer has, or that were revealed to a peer and are being sent.</summary>
    public Bitfield Coming { get; private set; } = new(0);

    /// <summary><see cref="Coming"/>, and what free-riders have or are being sent.</summary>
    public Bitfield Taken { get; private set; } = new(0);

    /// <summary>Counts the pieces that peers have.</summary>
    public void Count(PeerSet peers, int pieces, Dictionary<PeerKey, HiddenPeer> hidden)
    {
        if (There.Length != pieces)
        {
            (There, _several, Out) = (new Bitfield(pieces), new Bitfield(pieces), new Bitfield(pieces));
            (Coming, Taken) = (new Bitfield(pieces), new Bitfield(pieces));
        }

        There.Clear();
        _several.Clear();
        foreach (Peer peer in peers.All)
        {
            if (peer.Has.Length != pieces || (hidden.TryGetValue(peer.Key, out HiddenPeer? found) && found.IsFreeRider))
                continue;
            _several.AddCommon(There, peer.Has);
            There.AddAll(peer.Has);
        }
    }

    /// <summary>
    /// Also counts pieces that have been sent and pieces in transit, and for each hidden peer the pieces that nobody has received from it
    /// yet. Call <see cref="Count"/> before.
    /// </summary>
    public void CountTaken(IEnumerable<HiddenPeer> hidden, HiddenPeer? first, Timestamp now)
    {
        Out.CopyFrom(There);
        if (first is not null)
            Out.AddAll(first.Sent);
        foreach (HiddenPeer peer in hidden)
        {
            if (!peer.IsFreeRider)
                Out.AddAll(peer.Sent);
        }

        Coming.CopyFrom(Out);
        if (first is not null)
            Coming.AddAll(first.Told);
        foreach (HiddenPeer peer in hidden)
        {
            if (!peer.IsFreeRider)
                peer.AddMoving(Coming, now);
        }

        Taken.CopyFrom(Coming);
        foreach (HiddenPeer peer in hidden)
        {
            if (peer.IsFreeRider)
            {
                Taken.AddAll(peer.Sent);
                Taken.AddAll(peer.Peer.Has);
                peer.AddMoving(Taken, now);
            }

            peer.Kept = peer.Told.CountOfCommonButNotIn(peer.Peer.Has, _several) + peer.Sent.CountOfCommonButNotIn(peer.Sent, There);
        }
    }
}
