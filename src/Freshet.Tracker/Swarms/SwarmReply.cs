namespace Freshet.Tracker.Swarms;

/// <summary>The answer to an announce, whatever transport it goes by: a refusal in words, or counts and peers.</summary>
internal readonly record struct SwarmReply(string? FailureReason, SwarmCounts Counts, IReadOnlyList<SwarmPeer> Peers)
{
    /// <summary>With a refusal, when to come again; 0 if that is not said.</summary>
    public int RetryInMinutes { get; init; }

    public static SwarmReply Refuse(string reason, int retryInMinutes = 0) => new(reason, default, []) { RetryInMinutes = retryInMinutes };
}
