using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>What the picker is told of the peer it picks for.</summary>
internal readonly ref struct PickContext
{
    public required PeerKey Peer { get; init; }

    /// <summary>The pieces the peer has.</summary>
    public required Bitfield Has { get; init; }

    public PeerPace Pace { get; init; }

    /// <summary>Whether the peer chokes us, so that only <see cref="AllowedFast"/> may be asked for.</summary>
    public bool IsChoking { get; init; }

    /// <summary>
    /// Whether the peer let us wait too long: it gets what is common, no deadlines, and nothing that others are asked for.
    /// </summary>
    public bool IsSnubbed { get; init; }

    /// <summary>
    /// Whether the peer had a part in a piece that failed its hash. It shares no piece with others until cleared, so that the next bad
    /// piece proves whose fault it is.
    /// </summary>
    public bool IsOnParole { get; init; }

    /// <summary>
    /// Whether the peer has sent a block lately. One that has not is asked for little in endgame: a few that are silent would else be all
    /// who are asked for the last blocks.
    /// </summary>
    public bool IsAnswering { get; init; }

    /// <summary>Whether it is given pieces that follow each other, where it can be.</summary>
    public bool TakesRuns { get; init; }

    /// <summary>How soon a block that it is asked for now is likely to come.</summary>
    public TimeSpan TimeToDeliver { get; init; }

    /// <summary>The most blocks to have asked of the peer while somebody waits for a piece; 0 for as many as it has room for.</summary>
    public int UrgentDepth { get; init; }

    /// <summary>Blocks asked of the peer and not yet answered.</summary>
    public int Outstanding { get; init; }

    /// <summary>Pieces the peer gives while it chokes us (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> AllowedFast { get; init; }

    /// <summary>Pieces the peer would like to give, the latest last (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> Suggested { get; init; }

    public Timestamp Now { get; init; }
}
