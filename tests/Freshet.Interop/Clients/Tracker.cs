using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>The process of a tracker, which answers HTTP at an address of its own.</summary>
public sealed class Tracker : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;
    private readonly IPEndPoint _endPoint;

    private Tracker(ChildProcess process, IPEndPoint endPoint)
    {
        _process = process;
        _endPoint = endPoint;
    }

    public string AnnounceUrl => $"http://{_endPoint}/announce";

    /// <summary>The same swarms over UDP.</summary>
    public string UdpAnnounceUrl => $"udp://{_endPoint}/announce";

    /// <summary>The last lines of its output.</summary>
    public string Log => $"--- {_process.CommandLine}\n{_process.Tail}";

    /// <summary>
    /// opentracker as Debian builds it: it serves only the info-hashes that it is given. When started as root, it changes its root to its
    /// folder and becomes nobody, so the path of the list is relative and the folder is readable by everyone.
    /// </summary>
    public static Task<Tracker> StartOpentrackerAsync(string workFolder, params IEnumerable<string> infoHashes)
    {
        IPEndPoint endPoint = NextEndPoint();
        string home = NewHome(workFolder, endPoint);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(home, (UnixFileMode)0b111_101_101);
        File.WriteAllLines(Path.Combine(home, "whitelist"), infoHashes);
        return StartAsync(home, endPoint, ["opentracker", "-i", endPoint.Address.ToString(), "-p", endPoint.Port.ToString(provider: null),
            "-P", endPoint.Port.ToString(provider: null), "-d", home, "-w", "whitelist"]);
    }

    /// <summary>Freshet's own tracker.</summary>
    /// <param name="workFolder">The folder of the test.</param>
    /// <param name="network">The network that it runs in; null for that of the machine.</param>
    public static Task<Tracker> StartFreshetAsync(string workFolder, NetworkNamespace? network = null)
    {
        IPEndPoint endPoint = network is null ? NextEndPoint() : new IPEndPoint(network.NextAddress(), Ports.Next());
        return StartAsync(
            NewHome(workFolder, endPoint), endPoint,
            [.. network?.Runner ?? [], .. FreshetExecutable.Command,
                "tracker", "--http", endPoint.ToString(), "--udp", endPoint.ToString()]);
    }

    /// <summary>How the tracker of another project died by a signal; null if it did not, and always null for Freshet.</summary>
    public string? Crash => FreshetExecutable.IsFreshet(_process.CommandLine) ? null : _process.Crash;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static IPEndPoint NextEndPoint() => new(Loopback.NextAddress(), Ports.Next());

    private static string NewHome(string workFolder, IPEndPoint endPoint) =>
        Directory.CreateDirectory(Path.Combine(workFolder, $"tracker-{endPoint.Port}")).FullName;

    private static async Task<Tracker> StartAsync(string home, IPEndPoint endPoint, IEnumerable<string> command)
    {
        Tracker tracker = new(ChildProcess.Start(home, command), endPoint);
        try
        {
            await Wait.UntilAsync(tracker.IsListeningAsync, StartBound, () => "the tracker listens\n" + tracker.Log);
            return tracker;
        }
        catch
        {
            await tracker.DisposeAsync();
            throw;
        }
    }

    private Task<bool> IsListeningAsync()
    {
        if (Crash is { } crash)
            throw new ProcessCrashedException(crash, Log);
        return _process.HasExited
            ? throw new InvalidOperationException($"the tracker ended with {_process.ExitCode}\n{Log}")
            : Task.FromResult(Loopback.IsListening(_endPoint, _process.Id));
    }
}
