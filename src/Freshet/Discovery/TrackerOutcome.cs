using System.Diagnostics.CodeAnalysis;

namespace Freshet.Discovery;

/// <summary>What came of asking a tracker: its answer, which may be a refusal, or why there is none, in words.</summary>
internal readonly record struct TrackerOutcome<T>(T? Answer, string? Failure)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Answer))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool HasAnswer => Answer is not null;
}
