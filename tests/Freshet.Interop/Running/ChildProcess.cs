using System.Collections.Concurrent;
using System.Diagnostics;
using Freshet.Interop.Clients;

namespace Freshet.Interop.Running;

/// <summary>
/// A process that we started, with its output in a log file. It is ended, by its own id, when this is disposed or when the current process
/// exits, whichever comes first.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesOfTail = 40;

    /// <summary>As in a shell, the exit code of a process that a signal ended is this number plus the number of the signal.</summary>
    private const int ShellSignalBase = 128;
    private const int Signals = 65;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SampleTick = TimeSpan.FromMilliseconds(5);
    private static readonly string[] ProxyVariables = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _logging = new();
    private readonly ConcurrentQueue<string> _tail = new();
    private bool _disposed;
    private string? _crash;
    private volatile bool _signalled;

    private ChildProcess(ProcessStartInfo start, string logFile)
    {
        CommandLine = string.Join(' ', start.ArgumentList.Prepend(start.FileName));
        _log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        _process = new Process { StartInfo = start };
    }

    /// <summary>Raised on a pool thread for each line of the process's standard output.</summary>
    public event Action<string>? LineWritten;

    public string CommandLine { get; }

    public int Id { get; private set; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>How the process died by a signal that we did not send; null if it is running or ended otherwise.</summary>
    public string? Crash => _disposed ? _crash
        : HasExited && !_signalled && ExitCode > ShellSignalBase && ExitCode < ShellSignalBase + Signals
            ? $"'{CommandLine}' died by signal {ExitCode - ShellSignalBase}" : null;

    /// <summary>The last lines of the process's output, for messages about its failure.</summary>
    public string Tail => string.Join('\n', _tail);

    /// <summary>
    /// Starts a program in its home folder, which contains its settings and its log, and which it takes for the user's home.
    /// </summary>
    public static ChildProcess Start(string home, IEnumerable<string> command, Action<string>? onLine = null)
    {
        ProcessStartInfo start = new()
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string part in command)
        {
            if (start.FileName.Length == 0)
                start.FileName = part;
            else
                start.ArgumentList.Add(part);
        }

        foreach (string name in (string[])["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"])
            start.Environment[name] = home;
        start.Environment["LC_ALL"] = "C.UTF-8";

        // Only DHT nodes that a test names are ever queried.
        start.Environment["FRESHET_DHT_BOOTSTRAP"] = "";
        foreach (string name in ProxyVariables.Concat(ProxyVariables.Select(name => name.ToUpperInvariant())))
            start.Environment.Remove(name);

        ChildProcess child = new(start, Path.Combine(home, "output.log"));
        child.LineWritten += onLine;
        child.Begin();
        return child;
    }

    /// <summary>Runs a program to its end and returns its output. Throws if the exit code is not the expected one.</summary>
    public static async Task<string> RunAsync(string home, IEnumerable<string> command, int expectedExitCode = 0)
    {
        ConcurrentQueue<string> lines = new();
        await using ChildProcess child = Start(home, command, lines.Enqueue);
        int exitCode = await child.ExitAsync(TimeSpan.FromMinutes(5));
        if (child.Crash is { } crash && !FreshetExecutable.IsFreshet(child.CommandLine))
            throw new ProcessCrashedException(crash, child.Tail);
        if (exitCode != expectedExitCode)
            throw new InvalidOperationException($"'{child.CommandLine}' ended with {exitCode}:\n{child.Tail}");
        return string.Join('\n', lines);
    }

    /// <summary>
    /// Runs a program to its end, which must be a success. Returns the seconds that it took, its CPU time as counted by the kernel when it
    /// was waited for (so no other child may end in the meantime), and its memory, which is sampled.
    /// </summary>
    public static async Task<(double Seconds, ProcessUsage Usage)> MeasureAsync(string home, IEnumerable<string> command, TimeSpan bound)
    {
        TimeSpan cpu = NativeMethods.ChildrenProcessorTime();
        long began = Stopwatch.GetTimestamp();
        await using ChildProcess child = Start(home, command);
        Task<int> exit = child.ExitAsync(bound);
        long peakResident = 0;
        long peakAnonymous = 0;
        while (!exit.IsCompleted)
        {
            ProcessUsage sample = ProcessUsage.Of(child.Id);
            peakResident = Math.Max(peakResident, sample.PeakResident);
            peakAnonymous = Math.Max(peakAnonymous, sample.Anonymous);
            await Task.WhenAny(exit, Task.Delay(SampleTick));
        }

        if (await exit != 0)
            throw new InvalidOperationException($"'{child.CommandLine}' ended with {child.ExitCode}:\n{child.Tail}");
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (seconds, new ProcessUsage(NativeMethods.ChildrenProcessorTime() - cpu, peakResident, peakAnonymous));
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void Interrupt() => Signal(NativeMethods.Sigint);

    public void Terminate() => Signal(NativeMethods.Sigterm);

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _signalled = true;
        LivingProcesses.Kill(_process);
    }

    /// <summary>Waits until the process and its output have ended, and returns the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan bound)
    {
        using CancellationTokenSource patience = new(bound);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{CommandLine}' did not end within {bound.TotalSeconds:0} s:\n{Tail}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _crash = Crash;
        _disposed = true;
        if (!_process.HasExited)
        {
            Terminate();
            try
            {
                await ExitAsync(Patience);
            }
            catch (TimeoutException)
            {
                Kill();
                await ExitAsync(Patience);
            }
        }

        LivingProcesses.Remove(Id);
        _process.Dispose();
        lock (_logging)
            _log.Dispose();
    }

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => OnLine(line.Data, isOutput: true);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data, isOutput: false);
        _process.Start();
        Id = _process.Id;
        LivingProcesses.Add(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Signal(int signal)
    {
        _signalled = true;

        // A child that has not been waited for keeps its id, so the signal cannot reach another process.
        if (!_process.HasExited)
            _ = NativeMethods.Kill(Id, signal);
    }

    private void OnLine(string? line, bool isOutput)
    {
        if (line is null)
            return;
        _tail.Enqueue(line);
        while (_tail.Count > LinesOfTail)
            _tail.TryDequeue(out _);
        lock (_logging)
        {
            if (!_disposed)
                _log.WriteLine(line);
        }

        if (isOutput)
            LineWritten?.Invoke(line);
    }
}
