namespace Freshet.Daemon.Running;

/// <summary>Whether the daemon works: it ticks, and is not stopping.</summary>
internal sealed class Health(TimeProvider time, CancellationToken stopping)
{
    private long _ticked = time.GetTimestamp();

    public void OnTick() => Volatile.Write(ref _ticked, time.GetTimestamp());

    /// <summary>What is wrong; null if nothing is.</summary>
    public string? Trouble =>
        stopping.IsCancellationRequested ? "stopping"
        : time.GetElapsedTime(Volatile.Read(ref _ticked)) > Bounds.TickPatience ? "stuck"
        : null;
}
