using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>What a user may change while a torrent runs.</summary>
internal sealed record TorrentSettings
{
    /// <summary>The priority of each file, in their order; empty: all alike.</summary>
    public ImmutableArray<PiecePriority> FilePriorities { get; init; } = [];

    /// <summary>If not empty, nothing but these pieces is wanted, whatever the files.</summary>
    public ImmutableArray<PieceIndex> OnlyPieces { get; init; } = [];

    /// <summary>Whether pieces are fetched in order.</summary>
    public bool Sequential { get; init; }

    /// <summary>Whether the beginning and the end of each wanted file are fetched first.</summary>
    public bool FirstAndLastFirst { get; init; }

    /// <summary>The most connected peers.</summary>
    public int MaxPeers { get; init; } = Limits.DefaultPeersPerTorrent;

    /// <summary>Whether a seed tells each peer of few pieces, that nobody else has.</summary>
    public SuperSeeding SuperSeeding { get; init; }

    /// <summary>Which peers may request of us when we have all that we want.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>The torrent's own limit on what it sends, which bounds the peers that may request of us at once; null for none.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>Whether it is active without waiting for its turn.</summary>
    public bool IsForced { get; init; }

    /// <summary>When it is too slow to be counted; null for never.</summary>
    public SlowRule? Slow { get; init; }

    /// <summary>How many peers may request of us at once; null: as many as the rate of sending feeds.</summary>
    public int? UploadSlots { get; init; }
}
