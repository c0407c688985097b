namespace Freshet.Api;

/// <summary>A daemon refused a request, or could not be asked.</summary>
public sealed class DaemonException : Exception
{
    /// <param name="problem">Why.</param>
    /// <param name="cause">What was thrown, or null.</param>
    public DaemonException(Problem problem, Exception? cause = null)
        : base(problem?.Detail ?? problem?.Title, cause) => Problem = problem!;

    /// <summary>Why; the code is <c>unreachable</c> if no daemon answered.</summary>
    public Problem Problem { get; }
}
