namespace Freshet.Cli.Peers;

/// <summary>What one tracker answered to a scrape, or why it did not.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answer">What came of the scrape.</param>
internal readonly record struct ScrapeReport(string Url, TrackerScrapeResult Answer);
