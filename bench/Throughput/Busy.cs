using System.Diagnostics;

namespace Freshet.Throughput;

/// <summary>Processes that keep the machine busy while others are measured, as machines are. They end with this.</summary>
internal sealed class Busy : IDisposable
{
    private readonly List<Process> _processes = [];

    public Busy(int count)
    {
        // Those whose parent is gone end as well: kill -0 tells.
        string loop = "while kill -0 $PPID; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
        for (int i = 0; i < count; i++)
            _processes.Add(Process.Start("/bin/sh", ["-c", loop]));
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
