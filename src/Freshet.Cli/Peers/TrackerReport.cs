using Freshet.Core.Trackers;

namespace Freshet.Cli.Peers;

/// <summary>What one tracker said.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answer">Its answer, or null.</param>
/// <param name="Error">Why there are no peers: the tracker's own refusal, or what kept it from answering; null if it answered well.</param>
internal sealed record TrackerReport(string Url, AnnounceResponse? Answer, string? Error)
{
    public bool Succeeded => Error is null;
}
