using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>The disk did not take or give data.</summary>
/// <param name="Operation">What was tried.</param>
/// <param name="Reason">What went wrong and where, in words for people.</param>
/// <param name="Pieces">The pieces whose data was lost (writing) or could not be had (reading, checking).</param>
internal sealed record DiskFailure(DiskOperation Operation, string Reason, ImmutableArray<PieceIndex> Pieces)
{
    /// <summary>What went wrong, for programs.</summary>
    public TorrentReason Code { get; init; } = TorrentReason.Other;
}
