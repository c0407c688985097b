using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>What a state folder remembers of a torrent that is brought back.</summary>
/// <param name="Identity">By what it is known, and where to ask for peers.</param>
/// <param name="Record">What was recorded of it.</param>
internal sealed record RestoredTorrent(SwarmIdentity Identity, TorrentRecord Record)
{
    /// <summary>What its .torrent says, without hashes; null if the metadata has not come yet.</summary>
    public TorrentMetainfo? Metainfo { get; init; }

    /// <summary>The link by which it was added, if there was one.</summary>
    public MagnetLink? Link { get; init; }

    /// <summary>What a user should know of how it is remembered, if anything.</summary>
    public string? Caution { get; init; }
}
