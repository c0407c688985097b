using Freshet.Core.Pieces;

namespace Freshet.Core.WebSeeds;

/// <summary>What to fetch from a web seed: a run of consecutive whole blocks.</summary>
/// <param name="Seed">The key of the web seed in the torrent.</param>
/// <param name="Key">The key of the request at the web seed.</param>
/// <param name="Url">The web seed's URL as given in the torrent.</param>
/// <param name="Offset">The torrent's byte to start at.</param>
/// <param name="Length">The number of bytes.</param>
internal sealed record FetchOrder(PeerKey Seed, FetchKey Key, string Url, long Offset, int Length)
{
    /// <summary>
    /// Whether the web seed is known not to serve ranges: runs are requested one after the other, so that one answer serves many.
    /// </summary>
    public bool IsInOrder { get; init; }
}
