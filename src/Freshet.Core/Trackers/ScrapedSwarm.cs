namespace Freshet.Core.Trackers;

/// <summary>The numbers of a swarm, as a tracker counts; a number that it did not give is null.</summary>
/// <param name="Seeders">Peers that have everything.</param>
/// <param name="Leechers">Peers that lack something.</param>
/// <param name="Downloaded">Peers that have ever completed.</param>
/// <param name="Downloaders">Those of the leechers that want what they lack (BEP 21).</param>
public readonly record struct ScrapedSwarm(int? Seeders, int? Leechers, int? Downloaded, int? Downloaders);
