namespace Freshet.Tracker.Swarms;

/// <summary>The answer to an announce, whatever transport it goes by: a refusal in words, or counts and peers.</summary>
internal readonly record struct SwarmReply(string? FailureReason, SwarmCounts Counts, IReadOnlyList<SwarmPeer> Peers)
{
    public static SwarmReply Refuse(string reason) => new(reason, default, []);
}
