using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>The disk failed to write or read data.</summary>
/// <param name="Operation">The operation that failed.</param>
/// <param name="Reason">What went wrong and where, as text for people.</param>
/// <param name="Pieces">The pieces whose data was lost (write) or could not be read (read, check).</param>
internal sealed record DiskFailure(DiskOperation Operation, string Reason, ImmutableArray<PieceIndex> Pieces)
{
    /// <summary>What went wrong, as a code for programs.</summary>
    public TorrentReason Code { get; init; } = TorrentReason.Other;
}
