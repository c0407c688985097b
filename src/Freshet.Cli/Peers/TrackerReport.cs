namespace Freshet.Cli.Peers;

/// <summary>What one tracker answered, or why it did not.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answer">What came of the announce.</param>
internal readonly record struct TrackerReport(string Url, TrackerAnnounceResult Answer);
