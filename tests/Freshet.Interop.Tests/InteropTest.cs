using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A folder of its own and the processes that a test started: all ended and the folder removed after the test, whether it passed
/// or not. After a failure every process's last words are in the test's output. If another client's own process died by a signal, the case
/// is tried once more with new ones, which is said and counted (<see cref="ClientCrashes"/>); our own failures are never tried again.
/// </summary>
public abstract class InteropTest : IAsyncLifetime
{
    /// <summary>Far more than any of these transfers needs, on a loaded machine as well.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<(IAsyncDisposable Process, Func<string> Log, Func<string?> Crash)> _started = [];

    /// <summary>The folder of the test, or of its second try.</summary>
    protected string Work { get; private set; } = NewWorkFolder();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TellLogs();
        await EndAllAsync();
    }

    /// <summary>Runs a case, and once more if it failed while a process of another client's had died by a signal.</summary>
    protected async Task CaseAsync(Func<Task> body)
    {
        try
        {
            await body();
            return;
        }
        catch (Exception failure) when (FindCrashes(failure) is { Count: > 0 } crashes)
        {
            OnClientCrashed(crashes, failure);
            TellLogs();
        }

        await EndAllAsync();
        Work = NewWorkFolder();
        await body();
    }

    /// <summary>Goes on if the machine has all of these; else the test is skipped, or fails where CI=true demands them.</summary>
    protected static void Require(params ReadOnlySpan<ClientKind> kinds)
    {
        foreach (ClientKind kind in kinds)
        {
            if (InstalledClients.ReasonMissing(kind) is not { } reason)
                continue;
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }

    /// <summary>Another client died, and the case will be tried again.</summary>
    protected virtual void OnClientCrashed(IReadOnlyList<string> crashes, Exception failure) =>
        ClientCrashes.Report(TestContext.Current.Test?.TestDisplayName ?? GetType().Name, crashes, failure);

    protected PeerClient New(ClientKind kind, ClientOptions? options = null) => Own(InstalledClients.Create(kind, Work, options));

    /// <summary>Has a client ended after the test.</summary>
    protected T Own<T>(T client)
        where T : PeerClient
    {
        _started.Add((client, () => client.Log, () => client.Crash));
        return client;
    }

    /// <summary>Has nodes of the DHT ended after the test.</summary>
    protected async Task<DhtNodes> OwnAsync(Task<DhtNodes> starting)
    {
        DhtNodes nodes = await starting;
        _started.Add((nodes, () => nodes.Log, () => nodes.Crash));
        return nodes;
    }

    protected FreshetClient NewFreshet(params IReadOnlyList<IPEndPoint> peers) => Own(new FreshetClient(Work) { Peers = peers });

    protected async Task<Tracker> StartTrackerAsync(ClientKind kind, SampleTorrent torrent)
    {
        Tracker tracker = kind == ClientKind.Opentracker
            ? await Tracker.StartOpentrackerAsync(Work, torrent.InfoHash)
            : await Tracker.StartFreshetAsync(Work);
        _started.Add((tracker, () => tracker.Log, () => tracker.Crash));
        return tracker;
    }

    /// <summary>A folder for a client to download to.</summary>
    protected string NewFolder(string name) => Path.Combine(Work, "downloads", name);

    /// <summary>Runs a program in the test's folder; what it wrote.</summary>
    protected Task<string> RunAsync(params IEnumerable<string> command) => ChildProcess.RunAsync(Work, command);

    protected SampleTorrent Sample(SampleKind kind) =>
        kind == SampleKind.SingleFile ? SampleTorrents.SingleFile(Work) : SampleTorrents.ManyFiles(Work);

    private static string NewWorkFolder() => Directory.CreateTempSubdirectory("freshet-interop-").FullName;

    private List<string> FindCrashes(Exception failure)
    {
        List<string> crashes = [.. _started.Select(started => started.Crash()).OfType<string>()];
        if (failure is ProcessCrashedException crashed)
            crashes.Add(crashed.Crash);
        return crashes;
    }

    private void TellLogs()
    {
        foreach ((_, Func<string> log, _) in _started)
            TestContext.Current.TestOutputHelper?.WriteLine(log());
    }

    private async Task EndAllAsync()
    {
        foreach ((IAsyncDisposable process, _, _) in _started.AsEnumerable().Reverse())
            await process.DisposeAsync();
        _started.Clear();
        Directory.Delete(Work, recursive: true);
    }
}
