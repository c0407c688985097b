using System.Diagnostics.CodeAnalysis;

namespace Freshet.Discovery;

/// <summary>What came of a request: its answer, which may be a refusal, or why there is none, in words.</summary>
/// <param name="Answer">The answer, or null.</param>
/// <param name="Failure">Why there is none, or null.</param>
/// <param name="IsSkipped">Whether that is because the host has no address of the family that it was to be asked over.</param>
internal readonly record struct TrackerOutcome<T>(T? Answer, string? Failure, bool IsSkipped = false)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Answer))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool HasAnswer => Answer is not null;
}
