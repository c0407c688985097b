namespace Freshet.Core.Pieces;

/// <summary>What bounds the pieces under way, and the search for the next.</summary>
internal static class PieceLimits
{
    /// <summary>Peers of whom one block is asked at once: in endgame, and when a deadline has passed.</summary>
    public const int MaxRequestersPerBlock = 3;

    /// <summary>
    /// Blocks that any peer may be asked for though others are asked for them (endgame); a fast one may be asked for more.
    /// </summary>
    public const int MinEndgameRequests = 8;

    /// <summary>Pieces got in random order before the rarest first: something to trade is worth more than something rare.</summary>
    public const int RandomFirstPieces = 4;

    /// <summary>Pieces the picker looks at in one search, of each kind, before it takes the best of those or looks elsewhere.</summary>
    public const int PickerProbes = 256;

    /// <summary>Blocks of begun pieces, each 16 bytes of bookkeeping, beyond which no further piece is begun.</summary>
    public const int MaxStartedBlocks = 1024 * 1024;

    /// <summary>The fewest and the most pieces that may be begun at once, whatever their size.</summary>
    public const int MinStartedPieces = 64;

    /// <inheritdoc cref="MinStartedPieces"/>
    public const int MaxStartedPieces = 8 * 1024;

    /// <summary>Blocks of begun pieces beyond which, with more pieces begun than peers, begun ones are finished first.</summary>
    public const int CrowdedBlocks = 2_048;

    /// <summary>Pieces with a deadline.</summary>
    public const int MaxDeadlines = 256;

    /// <summary>Late pieces, from the first on, of which blocks are asked of several sources at once.</summary>
    public const int MaxDuplicatedPieces = 2;
}
