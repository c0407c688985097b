using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>Freshet's own tracker, run by <c>freshet tracker</c>.</summary>
public sealed class FreshetTracker : ITracker
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private FreshetTracker(ChildProcess process, IPEndPoint endPoint)
    {
        _process = process;
        AnnounceUrl = $"http://{endPoint}/announce";
    }

    public string AnnounceUrl { get; }

    public string Log => $"--- freshet tracker at {AnnounceUrl}\n{_process.Tail}";

    public static async Task<FreshetTracker> StartAsync(string workFolder)
    {
        IPEndPoint endPoint = new(Loopback.NextAddress(), Loopback.NextPort());
        string home = Directory.CreateDirectory(Path.Combine(workFolder, $"tracker-{endPoint.Port}")).FullName;
        ChildProcess process = ChildProcess.Start(home, [.. FreshetExecutable.Command, "tracker", "--http", endPoint.ToString()]);
        FreshetTracker tracker = new(process, endPoint);
        await Wait.UntilAsync(
            () => process.HasExited
                ? throw new InvalidOperationException($"ended with {process.ExitCode}\n{tracker.Log}")
                : Task.FromResult(Loopback.IsListening(endPoint)),
            StartBound, () => "the tracker listens\n" + tracker.Log);
        return tracker;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
