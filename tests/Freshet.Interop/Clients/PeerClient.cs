using System.Diagnostics;
using System.Net;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>
/// A client's process with one torrent, at an address of its own. The DHT, local discovery, peer exchange, uTP and port mapping are turned
/// off wherever possible, so that a transfer uses the way that the test is about. Every wait has a bound, and when it fails, the message
/// has the last lines of the client's output.
/// </summary>
public abstract class PeerClient : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    protected PeerClient(ClientKind kind, string workFolder, ClientOptions? options)
    {
        Kind = kind;
        Options = options ?? new ClientOptions();
        EndPoint = new IPEndPoint(Options.Address ?? Loopback.NextAddress(), Ports.Next());
        Home = Directory.CreateDirectory(Path.Combine(workFolder, $"{kind}-{EndPoint.Port}".ToLowerInvariant())).FullName;
    }

    public ClientKind Kind { get; }

    /// <summary>Where the client listens for peers.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Whether a running client can be told to dial a peer.</summary>
    public virtual bool CanDial => false;

    /// <summary>Whether it creates files of length zero, for which it receives no piece.</summary>
    public virtual bool WritesEmptyFiles => true;

    public int ProcessId => Process.Id;

    /// <summary>The last lines of the client's output, and where its files are.</summary>
    public string Log => $"--- {Kind} at {EndPoint}, {Home}\n{_process?.CommandLine}\n{_process?.Tail}";

    /// <summary>
    /// How the process of another client died by a signal that we did not send; null if it did not, and always null for Freshet.
    /// </summary>
    public string? Crash => Kind == ClientKind.Freshet ? null : _process?.Crash;

    /// <summary>
    /// How another program that takes part in the same case died by a signal; null if none did. A wait for this client ends then, since
    /// what it is waiting for may never come.
    /// </summary>
    public Func<string?>? FindOtherCrash { get; set; }

    /// <summary>The folder with the client's settings and log.</summary>
    protected string Home { get; }

    protected ClientOptions Options { get; }

    protected ChildProcess Process => _process ?? throw new InvalidOperationException($"{Kind} was not started");

    /// <summary>The torrent the client was started with.</summary>
    protected SampleTorrent Torrent { get; private set; } = null!;

    /// <summary>What the client is given: a magnet link, or the path of the .torrent file.</summary>
    protected string Source => Options.Magnet ?? Torrent.TorrentPath;

    /// <summary>Starts the client with complete data, and waits until it has checked all of it and listens.</summary>
    public async Task SeedAsync(SampleTorrent torrent, string folder)
    {
        Torrent = torrent;
        await StartAsync(folder, seeding: true);
        await UntilAsync(IsCompleteAsync, StartBound, "has checked the data that it is to seed");
        await UntilAsync(IsListeningAsync, StartBound, "listens");
    }

    /// <summary>Starts the client with a folder, empty or not, and waits until it listens.</summary>
    public async Task LeechAsync(SampleTorrent torrent, string folder)
    {
        await BeginAsync(torrent, folder);
        await UntilAsync(IsListeningAsync, StartBound, "listens");
    }

    public Task WaitCompleteAsync(TimeSpan bound) => UntilAsync(IsCompleteAsync, bound, "is complete");

    /// <summary>Whether the client reports that it has every piece.</summary>
    public abstract Task<bool> IsCompleteAsync();

    /// <summary>
    /// When it became complete, in seconds of the monotonic clock: as the client reports, or now if it does not report the time.
    /// </summary>
    public virtual double CompletedAt => Now;

    /// <summary>Seconds of the monotonic clock, which is also the one of Python's time.monotonic().</summary>
    public static double Now => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    /// <summary>Makes the client dial a peer.</summary>
    public virtual Task DialAsync(IPEndPoint peer) => throw new NotSupportedException($"{Kind} cannot be told to dial a peer");

    /// <summary>Verifies every piece again, and returns the seconds that this took.</summary>
    public virtual Task<double> RecheckAsync() => throw new NotSupportedException($"{Kind} cannot be told to verify");

    /// <summary>Payload bytes that it has received in vain; null if it does not report them.</summary>
    public virtual Task<long?> WastedAsync() => Task.FromResult<long?>(null);

    public Task UntilAsync(Func<Task<bool>> holds, TimeSpan bound, string what) => Wait.UntilAsync(
        async () =>
        {
            if (await holds())
                return true;
            if (Process.HasExited && Crash is null)
                throw new InvalidOperationException($"{Kind} ended with {Process.ExitCode} before it {what}\n{Log}");
            return (Crash ?? FindOtherCrash?.Invoke()) is { } crash ? throw new ProcessCrashedException(crash, Log) : false;
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

    /// <summary>Starts the client with a folder, empty or not.</summary>
    protected Task BeginAsync(SampleTorrent torrent, string folder)
    {
        Torrent = torrent;
        Directory.CreateDirectory(folder);
        return StartAsync(folder, seeding: false);
    }

    /// <summary>Starts the process, and returns once it answers requests.</summary>
    protected abstract Task StartAsync(string folder, bool seeding);

    /// <summary>Lets the client shut down in its own way; then the process is ended.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    protected void Launch(IEnumerable<string> command, Action<string>? onLine = null) =>
        _process = ChildProcess.Start(Home, [.. Options.Network?.Runner ?? [], .. command], onLine);

    /// <summary>An HTTP client for its control interface, in its network.</summary>
    protected HttpClient NewHttpClient() =>
        new(Options.Network?.NewHttpHandler() ?? new SocketsHttpHandler { UseProxy = false });

    /// <summary>Waits until a control interface answers; until then, connections to it are refused.</summary>
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

    /// <summary>Whether it listens, over uTP as well if it uses that: a dial that comes too early is repeated in another way.</summary>
    protected virtual Task<bool> IsListeningAsync() => Task.FromResult(
        Loopback.IsListening(EndPoint, ProcessId) && (!Options.Utp || Loopback.IsReceiving(EndPoint, ProcessId)));
}
