namespace Freshet.Loops;

/// <summary>Reports exceptions that escaped from work that must continue. They are always bugs.</summary>
internal static class Faults
{
    /// <summary>
    /// Passes a fault to its reporter. A reporter usually ends in a logger supplied by the host, which may throw too; then nobody is left
    /// to report to, and it must not end the loop, the timer or the thread that reports.
    /// </summary>
    public static void Report(Action<Exception> onFault, Exception fault)
    {
#pragma warning disable CA1031 // See above.
        try
        {
            onFault(fault);
        }
        catch (Exception)
        {
            // Nothing is left to report to.
        }
#pragma warning restore CA1031
    }
}
