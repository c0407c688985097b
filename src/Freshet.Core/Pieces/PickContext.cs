using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>What the picker needs to know about the peer for which it picks.</summary>
internal readonly ref struct PickContext
{
    public required PeerKey Peer { get; init; }

    /// <summary>The pieces that the peer has.</summary>
    public required Bitfield Has { get; init; }

    public PeerPace Pace { get; init; }

    /// <summary>Whether the peer chokes us, so that only <see cref="AllowedFast"/> may be requested.</summary>
    public bool IsChoking { get; init; }

    /// <summary>
    /// Whether the peer made us wait too long: it is assigned common pieces, no deadlines, and nothing that is requested from others.
    /// </summary>
    public bool IsSnubbed { get; init; }

    /// <summary>
    /// Whether the peer contributed to a piece that failed its hash check. Until cleared it shares no piece with others, so that the next
    /// bad piece proves who sent it.
    /// </summary>
    public bool IsOnParole { get; init; }

    /// <summary>
    /// Whether the peer has sent a block recently. Otherwise little is requested from it in the endgame: a few silent peers could take up
    /// all requests for the last blocks.
    /// </summary>
    public bool IsAnswering { get; init; }

    /// <summary>Whether the peer is assigned consecutive pieces where possible.</summary>
    public bool TakesRuns { get; init; }

    /// <summary>How soon a block requested now is likely to arrive.</summary>
    public TimeSpan TimeToDeliver { get; init; }

    /// <summary>The most outstanding requests to the peer while a reader waits for a piece; 0 for as many as there is room for.</summary>
    public int UrgentDepth { get; init; }

    /// <summary>The number of outstanding requests to the peer.</summary>
    public int Outstanding { get; init; }

    /// <summary>Pieces that the peer serves while it chokes us (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> AllowedFast { get; init; }

    /// <summary>Pieces that the peer has suggested, the latest last (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> Suggested { get; init; }

    public Timestamp Now { get; init; }
}
