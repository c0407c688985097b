namespace Freshet.Core.Pieces;

/// <summary>Chooses the next open piece to start with a peer: a suggested one, the next in order, a random one, or the rarest.</summary>
internal sealed class NewPieceChooser(PieceLedger ledger, Availability availability)
{
    public bool IsSequential { get; set; }

    /// <summary>Finds an open piece of a priority that the peer has; false if there is none.</summary>
    public bool TryChoose(in PickContext peer, PiecePriority priority, out PieceIndex piece)
    {
        piece = default;
        RarityOrder open = availability.OrderOf(priority);
        if (open.Count == 0)
            return false;
        if (IsSequential)
        {
            // Scans 64 pieces at a time; most of them are complete. Takes half a microsecond for 100,000 pieces.
            PieceIndex? first = open.Members.FirstCommonAtOrAfter(peer.Has, default);
            piece = first ?? default;
            return first is not null;
        }

        // The latest suggestions are the ones that the peer still has in memory.
        for (int i = peer.Suggested.Length - 1; i >= 0; i--)
        {
            piece = peer.Suggested[i];
            if (open.Members[piece] && peer.Has[piece])
                return true;
        }

        // A snubbed peer would hold up a rare piece, whereas others can take over a common one.
        return ledger.Have.Count < PieceLimits.RandomFirstPieces && !peer.IsSnubbed
            ? open.TryFindRandom(peer.Has, out piece)
            : open.TryFindRarest(peer.Has, commonest: peer.IsSnubbed, out piece);
    }
}
