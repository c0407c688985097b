using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A folder of its own and the processes that a test started: all ended and the folder removed after the test, whether it passed
/// or not. After a failure every process's last words are in the test's output.
/// </summary>
public abstract class InteropTest : IAsyncLifetime
{
    /// <summary>Far more than any of these transfers needs, on a loaded machine as well.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<(IAsyncDisposable Process, Func<string> Log)> _started = [];

    /// <summary>The test's own folder.</summary>
    protected string Work { get; } = Directory.CreateTempSubdirectory("freshet-interop-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach ((_, Func<string> log) in _started)
                TestContext.Current.TestOutputHelper?.WriteLine(log());
        }

        foreach ((IAsyncDisposable process, _) in _started.AsEnumerable().Reverse())
            await process.DisposeAsync();
        Directory.Delete(Work, recursive: true);
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

    protected PeerClient New(ClientKind kind, ClientOptions? options = null) => Own(InstalledClients.Create(kind, Work, options));

    /// <summary>Has a client ended after the test.</summary>
    protected T Own<T>(T client)
        where T : PeerClient
    {
        _started.Add((client, () => client.Log));
        return client;
    }

    protected FreshetClient NewFreshet(params IReadOnlyList<IPEndPoint> peers) => Own(new FreshetClient(Work) { Peers = peers });

    protected async Task<Tracker> StartTrackerAsync(ClientKind kind, SampleTorrent torrent)
    {
        Tracker tracker = kind == ClientKind.Opentracker
            ? await Tracker.StartOpentrackerAsync(Work, torrent.InfoHash)
            : await Tracker.StartFreshetAsync(Work);
        _started.Add((tracker, () => tracker.Log));
        return tracker;
    }

    /// <summary>A folder for a client to download to.</summary>
    protected string NewFolder(string name) => Path.Combine(Work, "downloads", name);

    /// <summary>Runs a program in the test's folder; what it wrote.</summary>
    protected Task<string> RunAsync(params IEnumerable<string> command) => ChildProcess.RunAsync(Work, command);

    protected SampleTorrent Sample(SampleKind kind) =>
        kind == SampleKind.SingleFile ? SampleTorrents.SingleFile(Work) : SampleTorrents.ManyFiles(Work);
}
