using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>Offers every peer everything that we have.</summary>
internal sealed class OfferOfAll : IOffer
{
    public Bitfield PiecesFor(Bitfield have, Peer peer) => have;

    public bool Includes(Bitfield have, Peer peer, PieceIndex piece) => have[piece];

    public bool IsHiddenFrom(Peer peer) => false;

    public int HiddenCount => 0;
}
