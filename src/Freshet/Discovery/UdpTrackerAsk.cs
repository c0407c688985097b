using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>A query to a UDP tracker with a caller that waits for its result.</summary>
internal sealed class UdpTrackerAsk : UdpTrackerQuery
{
    /// <summary>An <see cref="AnnounceResponse"/> or a <see cref="ScrapeResponse"/>, or why there is none.</summary>
    public TaskCompletionSource<TrackerOutcome<object>> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
