using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>What a tracker answers to a scrape (BEP 48).</summary>
internal sealed record ScrapeResponse
{
    /// <summary>The refusal in the tracker's words; null if it answered.</summary>
    public string? FailureReason { get; init; }

    /// <summary>The torrents that the tracker knows, of those that were asked for.</summary>
    public ImmutableDictionary<InfoHash, ScrapedSwarm> Swarms { get; init; } = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty;
}
