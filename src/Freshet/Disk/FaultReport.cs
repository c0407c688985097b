namespace Freshet.Disk;

/// <summary>Reports exceptions of ours to somebody who may throw as well; the thread that reports must outlive both.</summary>
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
            // A logger that throws, say.
        }
#pragma warning restore CA1031
    }
}
