using System.Diagnostics;

namespace Freshet.Throughput;

/// <summary>Processes that keep the machine busy while others are measured. They end when this is disposed.</summary>
internal sealed class Busy : IDisposable
{
    private readonly List<Process> _processes = [];

    public Busy(int count)
    {
        // They also end when their parent is gone, which kill -0 shows.
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
