using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>One scrape for several torrents at rest.</summary>
/// <param name="Tracker">The tracker's URL.</param>
/// <param name="Host">The tracker's host.</param>
/// <param name="Torrents">The torrents, none of which is in another batch.</param>
/// <param name="Swarms">Their swarms.</param>
internal sealed record ScrapeBatch(
    string Tracker, ScrapeHost Host, IReadOnlyList<RestingTorrent> Torrents, IReadOnlySet<InfoHash> Swarms);
