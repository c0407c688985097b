using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>What a state folder has recorded of a torrent that is restored.</summary>
/// <param name="Identity">Its info-hashes, and where to find peers.</param>
/// <param name="Record">Its record.</param>
internal sealed record RestoredTorrent(SwarmIdentity Identity, TorrentRecord Record)
{
    /// <summary>The content of its .torrent without hashes; null if the metadata is not known yet.</summary>
    public TorrentMetainfo? Metainfo { get; init; }

    /// <summary>The link by which it was added, if any.</summary>
    public MagnetLink? Link { get; init; }

    /// <summary>What the user should know about its record, if anything.</summary>
    public string? Caution { get; init; }
}
