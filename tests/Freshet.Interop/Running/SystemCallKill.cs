using System.Diagnostics;
using System.Globalization;

namespace Freshet.Interop.Running;

/// <summary>
/// Runs a program under strace, which kills it (SIGKILL) as it enters a system call that was picked beforehand: the call is not made, and
/// the kernel has everything that was done before. So a kill meets the few milliseconds of a checkpoint, and every place in it. (Filters by
/// seccomp would be faster, but strace 6.1 injects nothing with them.)
/// </summary>
/// <param name="Calls">The system calls that count, as strace names them.</param>
/// <param name="Number">At which of them the program dies, counted in each thread.</param>
/// <param name="Paths">Only calls on these files count; all, if there are none.</param>
public sealed record SystemCallKill(string Calls, int Number, IReadOnlyList<string> Paths)
{
    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <summary>The exit code of what it killed.</summary>
    public const int ExitCode = 128 + 9;

    /// <summary>Null if this machine lets us do so, else what is missing.</summary>
    public static string? ReasonMissing => Reason.Value;

    /// <summary>What runs the program.</summary>
    public IReadOnlyList<string> Runner => Command("/dev/null");

    /// <summary>Kills a program that runs already; the calls are counted from now on.</summary>
    /// <param name="home">A folder for the log of strace itself.</param>
    /// <param name="process">The program.</param>
    /// <param name="log">Where the counted calls are written, for <see cref="SystemCallDeath"/>.</param>
    public ChildProcess Attach(string home, int process, string log) =>
        ChildProcess.Start(home, [.. Command(log), "-p", process.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>The program that a running strace runs; null if there is none yet.</summary>
    public static int? TraceeOf(int strace)
    {
        try
        {
            string children = File.ReadAllText($"/proc/{strace}/task/{strace}/children");
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
                ? int.Parse(first, CultureInfo.InvariantCulture)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Kills a program that strace runs; strace ends with it.</summary>
    public static void KillTraceeOf(int strace)
    {
        if (TraceeOf(strace) is { } tracee)
            _ = NativeMethods.Kill(tracee, NativeMethods.Sigkill);
    }

    // Paths instead of numbers of handles, and the name of each thread.
    private IReadOnlyList<string> Command(string log) =>
    [
        "strace", "-f", "-y", "--decode-pids=comm", "-qq", "-o", log, .. Paths.SelectMany(path => (string[])["-P", path]),
        "-e", $"trace={Calls}", "-e", string.Create(CultureInfo.InvariantCulture, $"inject={Calls}:signal=SIGKILL:when={Number}"),
    ];

    private static string? FindReason()
    {
        try
        {
            string[] command = [.. new SystemCallKill("getcwd", 1, []).Runner.Skip(1), "pwd", "-P"];
            using Process process = Process.Start(
                new ProcessStartInfo("strace", command) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == ExitCode ? null : $"strace cannot kill here: it ended with {process.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed (Debian: apt-get install strace)";
        }
    }
}
