namespace Freshet.Disk;

/// <summary>Reports exceptions that are bugs to a callback that may throw as well; the reporting thread must survive both.</summary>
internal sealed class FaultReport(Action<Exception>? onFault)
{
    public void Report(Exception exception)
    {
#pragma warning disable CA1031 // There is nobody left to tell.
        try
        {
            onFault?.Invoke(exception);
        }
        catch (Exception)
        {
            // For example a logger that throws.
        }
#pragma warning restore CA1031
    }
}
