namespace Freshet.Cli.Peers;

/// <summary>A tracker's answer to an announce, or why there is none.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answer">The result of the announce.</param>
internal readonly record struct TrackerReport(string Url, TrackerAnnounceResult Answer);
