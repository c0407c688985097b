using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet;

/// <summary>The result of a scrape (BEP 48).</summary>
public sealed record TrackerScrapeResult
{
    /// <summary>Why there is no answer, for people: the tracker's failure reason, or the network error. Null if it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The swarms that the tracker knows, of those requested.</summary>
    public ImmutableDictionary<InfoHash, ScrapedSwarm> Swarms { get; init; } = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty;

    /// <summary>Whether the tracker answered.</summary>
    public bool Succeeded => Error is null;
}
