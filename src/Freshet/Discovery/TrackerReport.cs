using System.Collections.Immutable;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>What one tracker said.</summary>
/// <param name="Url">Its announce URL.</param>
/// <param name="Answers">Its good answers, by the family it was asked over.</param>
/// <param name="Error">Why there are none: the tracker's own refusal, or what kept it from answering; null if there are.</param>
internal sealed record TrackerReport(string Url, ImmutableArray<(AnnounceFamily Family, AnnounceResponse Response)> Answers, string? Error)
{
    public bool Succeeded => Error is null;

    /// <summary>The peers it named, each once.</summary>
    public IEnumerable<AnnouncedPeer> Peers => Answers.SelectMany(answer => answer.Response.Peers).DistinctBy(peer => peer.EndPoint);

    public string? Warning => Answers.Select(answer => answer.Response.Warning).FirstOrDefault(warning => warning is not null);

    /// <summary>When to ask again.</summary>
    public TimeSpan? Interval => Max<TimeSpan>(response => response.Interval);

    // Both families' answers tell of one swarm.
    public int? Seeders => Max(response => response.Seeders);

    public int? Leechers => Max(response => response.Leechers);

    /// <summary>What came of asking a tracker over each family. One that has no address of a family was not asked over it.</summary>
    public static TrackerReport Of(string url, IEnumerable<(AnnounceFamily Family, TrackerOutcome<AnnounceResponse> Outcome)> asked)
    {
        List<(AnnounceFamily, AnnounceResponse)> answers = [];
        string? failure = null;
        string? skipped = null;
        foreach ((AnnounceFamily family, TrackerOutcome<AnnounceResponse> outcome) in asked)
        {
            if (outcome is { HasAnswer: true, Answer.FailureReason: null })
                answers.Add((family, outcome.Answer));
            else if (outcome.IsSkipped)
                skipped = outcome.Failure;
            else
                failure ??= outcome.HasAnswer ? outcome.Answer.FailureReason : outcome.Failure;
        }

        return new TrackerReport(url, [.. answers], answers.Count > 0 ? null : failure ?? skipped ?? "no answer");
    }

    private T? Max<T>(Func<AnnounceResponse, T?> select) where T : struct => Answers.Max(answer => select(answer.Response));
}
