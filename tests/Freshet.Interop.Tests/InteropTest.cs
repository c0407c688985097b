using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A folder of its own and the processes that a test started: all ended and the folder removed after the test, whether it passed
/// or not. After a failure, the last lines of every process are in the test's output. If a case fails because another client's process
/// died by a signal, it is tried once more with new ones, which is reported and counted (<see cref="ClientCrashes"/>). Our own failures are
/// never tried again, not even if another client died as well.
/// </summary>
public abstract class InteropTest : IAsyncLifetime
{
    /// <summary>Far more than any of these transfers needs, even on a loaded machine.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>How long it may take until a process that no longer answers is known to have died.</summary>
    private static readonly TimeSpan DeathBound = TimeSpan.FromSeconds(5);

    private readonly ConcurrentStack<(IAsyncDisposable Process, Func<string> Log, Func<string?> Crash)> _started = [];

    /// <summary>The folder of the test, or of its second try.</summary>
    protected string Work { get; private set; } = NewWorkFolder();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            PrintLogs();
        await EndAllAsync();
    }

    /// <summary>Runs a case, and once more if it failed because another client's process died by a signal.</summary>
    protected async Task CaseAsync(Func<Task> body)
    {
        try
        {
            await body();
            return;
        }
        catch (Exception failure) when (CanFollowFromCrash(failure))
        {
            if (await FindCrashesAsync(failure) is not { Count: > 0 } crashes)
                throw;
            OnClientCrashed(crashes, failure);
            PrintLogs();
        }

        await EndAllAsync();
        Work = NewWorkFolder();
        await body();
    }

    /// <summary>Skips the test if the machine lacks one of these clients.</summary>
    protected static void Require(params ReadOnlySpan<ClientKind> kinds)
    {
        foreach (ClientKind kind in kinds)
        {
            if (InstalledClients.ReasonMissing(kind) is { } reason)
                Requires.Skip(reason);
        }
    }

    /// <summary>Reports that another client died and that the case will be tried again.</summary>
    protected virtual void OnClientCrashed(IReadOnlyList<string> crashes, Exception failure) =>
        ClientCrashes.Report(TestContext.Current.Test?.TestDisplayName ?? GetType().Name, crashes, failure);

    protected PeerClient New(ClientKind kind, ClientOptions? options = null) => Own(InstalledClients.Create(kind, Work, options));

    /// <summary>Registers a client that is ended after the test.</summary>
    protected T Own<T>(T client)
        where T : PeerClient
    {
        client.FindOtherCrash = FindCrash;
        _started.Push((client, () => client.Log, () => client.Crash));
        return client;
    }

    /// <summary>Registers nodes of the DHT that are ended after the test.</summary>
    protected async Task<DhtNodes> OwnAsync(Task<DhtNodes> starting)
    {
        DhtNodes nodes = await starting;
        _started.Push((nodes, () => nodes.Log, () => nodes.Crash));
        return nodes;
    }

    protected FreshetClient NewFreshet(params IReadOnlyList<IPEndPoint> peers) => Own(new FreshetClient(Work) { Peers = peers });

    protected async Task<Tracker> StartTrackerAsync(ClientKind kind, SampleTorrent torrent, NetworkNamespace? network = null)
    {
        Tracker tracker = kind == ClientKind.Opentracker
            ? await Tracker.StartOpentrackerAsync(Work, torrent.InfoHash)
            : await Tracker.StartFreshetAsync(Work, network);
        _started.Push((tracker, () => tracker.Log, () => tracker.Crash));
        return tracker;
    }

    /// <summary>A folder for a client to download to.</summary>
    protected string NewFolder(string name) => Path.Combine(Work, "downloads", name);

    /// <summary>Runs a program in the test's folder and returns what it wrote.</summary>
    protected Task<string> RunAsync(params IEnumerable<string> command) => ChildProcess.RunAsync(Work, command);

    protected SampleTorrent Sample(SampleKind kind) =>
        kind == SampleKind.SingleFile ? SampleTorrents.SingleFile(Work) : SampleTorrents.ManyFiles(Work);

    private static string NewWorkFolder() => Directory.CreateTempSubdirectory("freshet-interop-").FullName;

    /// <summary>
    /// Whether a failure is one that another client's death causes: a wait that it ended, or a control interface that no longer
    /// answers. Nothing else counts, least of all a failed assertion: that is our own failure.
    /// </summary>
    private static bool CanFollowFromCrash(Exception failure) =>
        failure is ProcessCrashedException or HttpRequestException or SocketException or IOException { InnerException: SocketException };

    private string? FindCrash() => _started.Select(started => started.Crash()).FirstOrDefault(crash => crash is not null);

    private async Task<IReadOnlyList<string>> FindCrashesAsync(Exception failure)
    {
        if (failure is ProcessCrashedException crashed)
            return [crashed.Crash];

        // The sockets of a dying process are closed before it is known to have ended.
        long began = Stopwatch.GetTimestamp();
        while (FindCrash() is null && Stopwatch.GetElapsedTime(began) < DeathBound)
            await Task.Delay(10);
        return [.. _started.Select(started => started.Crash()).OfType<string>()];
    }

    private void PrintLogs()
    {
        foreach ((_, Func<string> log, _) in _started.Reverse())
            TestContext.Current.TestOutputHelper?.WriteLine(log());
    }

    private async Task EndAllAsync()
    {
        foreach ((IAsyncDisposable process, _, _) in _started)
            await process.DisposeAsync();
        _started.Clear();
        Directory.Delete(Work, recursive: true);
    }
}
