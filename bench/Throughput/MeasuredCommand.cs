using Freshet.Interop.Running;

namespace Freshet.Throughput;

/// <summary>Runs a program to its end and measures it.</summary>
internal static class MeasuredCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    public static async Task<Figures> RunAsync(string home, IReadOnlyList<string> command)
    {
        (double seconds, ProcessUsage usage) = await ChildProcess.MeasureAsync(home, command, Bound);
        return new Figures
        {
            Wall = seconds,
            Cpu = usage.Cpu.TotalSeconds,
            PeakResident = usage.PeakResident,
            PeakAnonymous = usage.Anonymous,
        };
    }
}
