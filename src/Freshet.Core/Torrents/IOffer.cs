using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// What peers are told that we have, and may request: usually all that we have, but not always
/// (super-seeding, BEP 16). A peer is never offered what is not verified.
/// </summary>
internal interface IOffer
{
    /// <summary>The pieces that a peer is told of when it connects.</summary>
    /// <param name="have">What we have; the answer holds nothing else.</param>
    /// <param name="peer">Whom it is told.</param>
    Bitfield PiecesFor(Bitfield have, Peer peer);

    /// <summary>Whether a peer is told of a piece, and may request it.</summary>
    bool Includes(Bitfield have, Peer peer, PieceIndex piece);

    /// <summary>Whether a peer is not to know that we have everything.</summary>
    bool IsHiddenFrom(Peer peer);
}
