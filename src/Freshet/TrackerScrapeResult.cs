using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet;

/// <summary>What came of a scrape (BEP 48).</summary>
public sealed record TrackerScrapeResult
{
    /// <summary>Why there is no answer, in words: the tracker's own refusal, or what kept it from answering. Null if it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The swarms that the tracker knows, of those that were asked for.</summary>
    public ImmutableDictionary<InfoHash, ScrapedSwarm> Swarms { get; init; } = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty;

    /// <summary>Whether it answered.</summary>
    public bool Succeeded => Error is null;
}
