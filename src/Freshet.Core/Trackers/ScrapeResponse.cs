using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>A tracker's response to a scrape (BEP 48).</summary>
internal sealed record ScrapeResponse
{
    /// <summary>The failure reason in the tracker's words; null if the scrape succeeded.</summary>
    public string? FailureReason { get; init; }

    /// <summary>The time that must pass before the next scrape; null if the tracker does not say.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>The requested torrents that the tracker knows.</summary>
    public ImmutableDictionary<InfoHash, ScrapedSwarm> Swarms { get; init; } = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty;
}
