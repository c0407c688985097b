namespace Freshet.Cli.Peers;

/// <summary>A tracker's answer to a scrape, or why there is none.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answer">The result of the scrape.</param>
internal readonly record struct ScrapeReport(string Url, TrackerScrapeResult Answer);
