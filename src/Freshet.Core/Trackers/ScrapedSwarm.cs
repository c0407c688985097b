namespace Freshet.Core.Trackers;

/// <summary>A tracker's counts for a swarm; a count that it did not give is null.</summary>
/// <param name="Seeders">The number of seeds.</param>
/// <param name="Leechers">The number of peers that are not seeds.</param>
/// <param name="Downloaded">The number of peers that have ever completed the download.</param>
/// <param name="Downloaders">Those of the leechers that are still downloading (BEP 21).</param>
public readonly record struct ScrapedSwarm(int? Seeders, int? Leechers, int? Downloaded, int? Downloaders);
