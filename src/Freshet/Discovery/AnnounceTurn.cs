using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>An announce queued in <see cref="AnnounceTurns"/>.</summary>
internal sealed class AnnounceTurn(string host, AnnounceUrgency urgency) : AnnounceTicket(host, urgency)
{
    private readonly TaskCompletionSource<(TrackerFault Fault, string? Reason)> _granted = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the turn has come, without a reason, or is refused, with one.</summary>
    public Task<(TrackerFault Fault, string? Reason)> Granted => _granted.Task;

    public void Grant() => _granted.TrySetResult((default, null));

    public void Refuse(TrackerFault fault, string reason) => _granted.TrySetResult((fault, reason));
}
