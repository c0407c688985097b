using Freshet.Core.Pieces;

namespace Freshet.Core.WebSeeds;

/// <summary>What to fetch from a web seed: a run of whole blocks that follow each other without a gap.</summary>
/// <param name="Seed">By what the torrent knows the web seed.</param>
/// <param name="Key">By what the web seed knows the request.</param>
/// <param name="Url">The web seed's URL, as the torrent has it.</param>
/// <param name="Offset">The torrent's byte to begin at.</param>
/// <param name="Length">How many bytes.</param>
internal sealed record FetchOrder(PeerKey Seed, FetchKey Key, string Url, long Offset, int Length);
