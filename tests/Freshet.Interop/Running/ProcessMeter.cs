namespace Freshet.Interop.Running;

/// <summary>Measures a running process from its construction until <see cref="StopAsync"/>.</summary>
public sealed class ProcessMeter
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly int _pid;
    private readonly ProcessUsage _first;
    private readonly Task _watching;
    private long _peakAnonymous;
    private volatile bool _stopped;

    public ProcessMeter(int pid)
    {
        _pid = pid;
        _first = ProcessUsage.Of(pid);
        _watching = WatchAsync();
    }

    /// <summary>CPU time since the start; memory at its peak, the anonymous part of it sampled twenty times a second.</summary>
    public async Task<ProcessUsage> StopAsync()
    {
        ProcessUsage last = ProcessUsage.Of(_pid);
        _stopped = true;
        await _watching;
        return last with { Cpu = last.Cpu - _first.Cpu, Anonymous = Math.Max(_peakAnonymous, last.Anonymous) };
    }

    private async Task WatchAsync()
    {
        while (!_stopped)
        {
            _peakAnonymous = Math.Max(_peakAnonymous, ProcessUsage.Of(_pid).Anonymous);
            await Task.Delay(Tick);
        }
    }
}
