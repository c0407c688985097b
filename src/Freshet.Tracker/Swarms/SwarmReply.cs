namespace Freshet.Tracker.Swarms;

/// <summary>The answer to an announce over any transport: a failure reason, or counts and peers.</summary>
internal readonly record struct SwarmReply(string? FailureReason, SwarmCounts Counts, IReadOnlyList<SwarmPeer> Peers)
{
    /// <summary>When to retry after a refusal, in minutes; 0 if unspecified.</summary>
    public int RetryInMinutes { get; init; }

    public static SwarmReply Refuse(string reason, int retryInMinutes = 0) => new(reason, default, []) { RetryInMinutes = retryInMinutes };
}
