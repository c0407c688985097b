using System.Globalization;

namespace Freshet.Interop.Running;

/// <summary>What a process has used so far, according to /proc.</summary>
/// <param name="Cpu">User and system time, in steps of 10 ms.</param>
/// <param name="PeakResident">The largest resident set so far, in bytes; it includes pages of mapped files.</param>
/// <param name="Anonymous">The part of the current resident set that belongs to no file, in bytes: the process's own memory.</param>
public readonly record struct ProcessUsage(TimeSpan Cpu, long PeakResident, long Anonymous)
{
    private const int TicksPerSecond = 100;

    /// <summary>Reads the values; all are zero if the process has ended.</summary>
    public static ProcessUsage Of(int pid)
    {
        try
        {
            return new ProcessUsage(ReadCpu(pid), ReadStatus(pid, "VmHWM:"), ReadStatus(pid, "RssAnon:"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static TimeSpan ReadCpu(int pid)
    {
        // The second field is the program's name in parentheses and may contain anything; utime and stime are the 14th and 15th.
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static long ReadStatus(int pid, string field)
    {
        foreach (string line in File.ReadLines($"/proc/{pid}/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
                return 1024 * long.Parse(line[field.Length..^"kB".Length], NumberStyles.Any, CultureInfo.InvariantCulture);
        }

        return 0; // A zombie has no memory.
    }
}
