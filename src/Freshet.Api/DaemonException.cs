namespace Freshet.Api;

/// <summary>A daemon refused a request, or could not be asked.</summary>
public sealed class DaemonException : Exception
{
    /// <param name="problem">Why.</param>
    /// <param name="cause">What was thrown, or null.</param>
    public DaemonException(Problem problem, Exception? cause = null)
        : base(problem?.Detail ?? problem?.Title, cause) => Problem = problem!;

    /// <summary>
    /// Why; the code is <c>unreachable</c> if there is no daemon, and <c>no-answer</c> if it did not answer in time.
    /// </summary>
    public Problem Problem { get; }
}
