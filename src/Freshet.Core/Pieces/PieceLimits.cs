namespace Freshet.Core.Pieces;

/// <summary>Bounds on started pieces and on the search for the next one.</summary>
internal static class PieceLimits
{
    /// <summary>Peers from which one block is requested at once: in the endgame, and when a deadline has passed.</summary>
    public const int MaxRequestersPerBlock = 3;

    /// <summary>
    /// Blocks that may be requested from any peer although they are requested from others (endgame); a fast peer may get more.
    /// </summary>
    public const int MinEndgameRequests = 8;

    /// <summary>
    /// How soon a source delivers whose rate is not known while those of others are: it gets the pieces that are not needed before.
    /// </summary>
    public static TimeSpan UnprovenTime => TimeSpan.FromSeconds(5);

    /// <summary>
    /// Pieces downloaded in random order before rarest-first begins: at first, having anything to trade matters more than having something
    /// rare.
    /// </summary>
    public const int RandomFirstPieces = 4;

    /// <summary>Pieces of each kind that the picker examines in one search, before it takes the best of them or looks elsewhere.</summary>
    public const int PickerProbes = 256;

    /// <summary>Blocks of started pieces, at 16 bytes of bookkeeping each, beyond which no further piece is started.</summary>
    public const int MaxStartedBlocks = 1024 * 1024;

    /// <summary>The fewest and the most pieces that may be in progress at once, whatever their size.</summary>
    public const int MinStartedPieces = 64;

    /// <inheritdoc cref="MinStartedPieces"/>
    public const int MaxStartedPieces = 8 * 1024;

    /// <summary>
    /// Blocks of started pieces beyond which, if more pieces are started than there are peers, started pieces are finished first.
    /// </summary>
    public const int CrowdedBlocks = 2_048;

    /// <summary>Pieces with a deadline.</summary>
    public const int MaxDeadlines = 256;

    /// <summary>How many late pieces, counted from the first, have blocks requested from several sources at once.</summary>
    public const int MaxDuplicatedPieces = 2;
}
