using System.Diagnostics;
using System.Net;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>
/// A client's process with one torrent, at an address of its own. DHT, local discovery, peer exchange, uTP and port mapping are off
/// wherever they can be, so that a transfer takes the way the test means. Every wait has a bound, and its failure shows the
/// client's last words.
/// </summary>
public abstract class PeerClient : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    protected PeerClient(ClientKind kind, string workFolder, ClientOptions? options)
    {
        Kind = kind;
        Options = options ?? new ClientOptions();
        EndPoint = new IPEndPoint(Options.Address ?? Loopback.NextAddress(), Loopback.NextPort());
        Home = Directory.CreateDirectory(Path.Combine(workFolder, $"{kind}-{EndPoint.Port}".ToLowerInvariant())).FullName;
    }

    public ClientKind Kind { get; }

    /// <summary>Where the client waits for peers.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Whether a running client can be told to connect to a peer.</summary>
    public virtual bool CanDial => false;

    /// <summary>Whether it makes files without content, which no piece tells it to write.</summary>
    public virtual bool WritesEmptyFiles => true;

    public int ProcessId => Process.Id;

    /// <summary>The last lines that the client wrote, and where the rest is.</summary>
    public string Log => $"--- {Kind} at {EndPoint}, {Home}\n{_process?.CommandLine}\n{_process?.Tail}";

    /// <summary>How another client's process died by a signal of its own; null if it did not, and always for ours.</summary>
    public string? Crash => Kind == ClientKind.Freshet ? null : _process?.Crash;

    /// <summary>The client's settings and log lie here.</summary>
    protected string Home { get; }

    protected ClientOptions Options { get; }

    protected ChildProcess Process => _process ?? throw new InvalidOperationException($"{Kind} was not started");

    /// <summary>The torrent the client was started with.</summary>
    protected SampleTorrent Torrent { get; private set; } = null!;

    /// <summary>What the client is given: a magnet link, or the path of the .torrent.</summary>
    protected string Source => Options.Magnet ?? Torrent.TorrentPath;

    /// <summary>Starts the client on complete data, waits until it has checked all of it and listens.</summary>
    public async Task SeedAsync(SampleTorrent torrent, string folder)
    {
        Torrent = torrent;
        await StartAsync(folder, seeding: true);
        await UntilAsync(IsCompleteAsync, StartBound, "has checked the data that it is to seed");
        await UntilAsync(IsListeningAsync, StartBound, "listens");
    }

    /// <summary>Starts the client on a folder, empty or not, and waits until it listens.</summary>
    public async Task LeechAsync(SampleTorrent torrent, string folder)
    {
        await BeginAsync(torrent, folder);
        await UntilAsync(IsListeningAsync, StartBound, "listens");
    }

    public Task WaitCompleteAsync(TimeSpan bound) => UntilAsync(IsCompleteAsync, bound, "is complete");

    /// <summary>Whether the client says that it has every piece.</summary>
    public abstract Task<bool> IsCompleteAsync();

    /// <summary>When it became complete, as seconds of the monotonic clock: as the client says, or now if it tells no time.</summary>
    public virtual double CompletedAt => Now;

    /// <summary>Seconds of the monotonic clock, which Python's time.monotonic() reads as well.</summary>
    public static double Now => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    /// <summary>Has the client connect to a peer.</summary>
    public virtual Task DialAsync(IPEndPoint peer) => throw new NotSupportedException($"{Kind} cannot be told of a peer");

    /// <summary>Verifies every piece again; the seconds that took.</summary>
    public virtual Task<double> RecheckAsync() => throw new NotSupportedException($"{Kind} is not asked to verify");

    /// <summary>Payload bytes that it has received for nothing; null if it does not say.</summary>
    public virtual Task<long?> WastedAsync() => Task.FromResult<long?>(null);

    public Task UntilAsync(Func<Task<bool>> holds, TimeSpan bound, string what) => Wait.UntilAsync(
        async () =>
        {
            if (await holds())
                return true;
            return Process.HasExited
                ? throw new InvalidOperationException($"ended with {Process.ExitCode} before it {what}\n{Log}")
                : false;
        },
        bound,
        () => $"{Kind} {what}\n{Log}");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await EndAsync();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>Starts the client on a folder, empty or not.</summary>
    protected Task BeginAsync(SampleTorrent torrent, string folder)
    {
        Torrent = torrent;
        Directory.CreateDirectory(folder);
        return StartAsync(folder, seeding: false);
    }

    /// <summary>Starts the process and returns once it can be asked things.</summary>
    protected abstract Task StartAsync(string folder, bool seeding);

    /// <summary>Says goodbye in the client's own way; the process is ended after that.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    protected void Launch(IEnumerable<string> command, Action<string>? onLine = null) =>
        _process = ChildProcess.Start(Home, [.. Options.Network?.Runner ?? [], .. command], onLine);

    /// <summary>A client of its control interface, in its network.</summary>
    protected HttpClient NewHttpClient() =>
        new(Options.Network?.NewHttpHandler() ?? new SocketsHttpHandler { UseProxy = false });

    /// <summary>Waits until a control interface answers; until then its connections are refused.</summary>
    protected Task UntilAnswersAsync(Func<Task> ask, string what) => UntilAsync(
        async () =>
        {
            try
            {
                await ask();
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
            {
                return false;
            }
        },
        StartBound,
        what);

    protected virtual Task<bool> IsListeningAsync() => Task.FromResult(Loopback.IsListening(EndPoint, ProcessId));
}
