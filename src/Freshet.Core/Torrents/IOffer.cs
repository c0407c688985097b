using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// The pieces that are advertised to peers and that they may request: usually all that we have, except when super-seeding (BEP 16).
/// Unverified pieces are never offered.
/// </summary>
internal interface IOffer
{
    /// <summary>The pieces advertised to a peer when it connects.</summary>
    /// <param name="have">The pieces we have; the result is a subset of them.</param>
    /// <param name="peer">The peer.</param>
    Bitfield PiecesFor(Bitfield have, Peer peer);

    /// <summary>Whether a piece is advertised to a peer and may be requested by it.</summary>
    bool Includes(Bitfield have, Peer peer, PieceIndex piece);

    /// <summary>Whether a peer must not know that we have everything.</summary>
    bool IsHiddenFrom(Peer peer);

    /// <summary>How many peers do not know that we have everything.</summary>
    int HiddenCount { get; }
}
