using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>The settings that a user may change while a torrent runs.</summary>
internal sealed record TorrentSettings
{
    /// <summary>The priority of each file, in file order; empty if all are equal.</summary>
    public ImmutableArray<PiecePriority> FilePriorities { get; init; } = [];

    /// <summary>If not empty, only these pieces are wanted, whatever the file priorities.</summary>
    public ImmutableArray<PieceIndex> OnlyPieces { get; init; } = [];

    /// <summary>The trackers by tier, instead of those that the torrent names; null for those.</summary>
    public ImmutableArray<ImmutableArray<string>>? Trackers { get; init; }

    /// <summary>Whether pieces are fetched in order.</summary>
    public bool Sequential { get; init; }

    /// <summary>Whether the beginning and the end of each wanted file are fetched first.</summary>
    public bool FirstAndLastFirst { get; init; }

    /// <summary>The most connected peers.</summary>
    public int MaxPeers { get; init; } = Limits.DefaultPeersPerTorrent;

    /// <summary>Whether a seed reveals to each peer only a few pieces that nobody else has.</summary>
    public SuperSeeding SuperSeeding { get; init; }

    /// <summary>Which peers to unchoke when we have everything that we want.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>The torrent's own upload rate limit, which also bounds the number of upload slots; null for none.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>Whether the torrent bypasses the queue.</summary>
    public bool IsForced { get; init; }

    /// <summary>When the torrent is too slow to count as active; null for never.</summary>
    public SlowRule? Slow { get; init; }

    /// <summary>How many peers may be unchoked at once; null for as many as the upload rate can serve.</summary>
    public int? UploadSlots { get; init; }
}
