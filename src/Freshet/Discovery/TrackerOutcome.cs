using System.Diagnostics.CodeAnalysis;

namespace Freshet.Discovery;

/// <summary>The outcome of a request to a tracker: its answer, which may be a refusal, or why there is none.</summary>
/// <param name="Answer">The answer, or null.</param>
/// <param name="Failure">Why there is none, for people, or null.</param>
/// <param name="Fault">The same for programs; meaningless if there is an answer.</param>
internal readonly record struct TrackerOutcome<T>(T? Answer, string? Failure, TrackerFault Fault = TrackerFault.Failed)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Answer))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool HasAnswer => Answer is not null;

    public bool IsSkipped => !HasAnswer && Fault == TrackerFault.Skipped;
}
