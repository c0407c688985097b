using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>
/// Drives Freshet by its command line, <c>freshet download</c> or <c>freshet seed</c>, and reads the events that <c>--json</c> prints, one
/// object per line. Peers are given to it when it starts.
/// </summary>
public sealed class FreshetClient(string workFolder, ClientOptions? options = null)
    : PeerClient(ClientKind.Freshet, workFolder, options)
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (double At, JsonNode Event)> _last = new();
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>Peers to connect to.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>Whether it continues to seed after a download, as the other clients do.</summary>
    public bool SeedsAfterwards { get; init; } = true;

    /// <summary>The state folder, so that a second run can continue the first; null for a new one.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The program that runs it, such as <c>prlimit</c>, with its arguments.</summary>
    public IReadOnlyList<string> Runner { get; init; } = [];

    /// <summary>The interface to bind to; null for the client's address.</summary>
    public string? Interface { get; init; }

    /// <summary>Whether it may use all addresses of the machine.</summary>
    public bool IsUnbound { get; init; }

    /// <summary>More options for the command line.</summary>
    public IReadOnlyList<string> MoreOptions { get; init; } = [];

    public override double CompletedAt => (_last.TryGetValue("completed", out (double At, JsonNode) last) ? last : _last["seeding"]).At;

    /// <summary>The fraction of the torrent that is verified and on disk, 0 to 1, according to the last progress line.</summary>
    public double Done => (double?)Last("progress")?["done"] ?? 0;

    /// <summary>The last event with this name; null if there was none.</summary>
    public JsonNode? Last(string name) => _last.TryGetValue(name, out (double, JsonNode Event) last) ? last.Event : null;

    public override Task<bool> IsCompleteAsync() => Task.FromResult(_last.ContainsKey("completed") || _last.ContainsKey("seeding"));

    /// <summary>According to the last progress line, which comes before the line that reports completion.</summary>
    public override Task<long?> WastedAsync() => Task.FromResult((long?)Last("progress")?["wasted"]);

    /// <summary>The text of every warning so far.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>
    /// How it was connected with each peer so far, as its log says: <c>Tcp</c> or <c>Utp</c>, then <c>None</c>, <c>Handshake</c> or
    /// <c>Full</c>, and whether it dialled.
    /// </summary>
    public IReadOnlyList<PeerWayTaken> WaysTaken() => [.. LogLines("PeerConnected").Select(Parse)];

    /// <summary>Each dial so far that was not cancelled, as its log says.</summary>
    public IReadOnlyList<DialTried> DialsTried() => [.. LogLines("Dialled").Select(static line => new DialTried(
        ValueOf(line, "IsEncrypted") == "True", ValueOf(line, "Path"), ValueOf(line, "IsConnected") == "True"))];

    /// <summary>Whether a relay has told it to punch a hole.</summary>
    public bool IsToldToPunch => LogLines("HolePunchHeard").Any(static line => ValueOf(line, "Kind") == "Connect");

    /// <summary>Whether a tracker has answered it.</summary>
    public bool HasAnnounced => LogLines("Announced").Any();

    /// <summary>Ends it as Ctrl-C does, and returns its exit code.</summary>
    public Task<int> InterruptAsync()
    {
        Process.Interrupt();
        return Process.ExitAsync(EndBound);
    }

    /// <summary>Ends it, or the program that runs it, as <c>kill</c> does, and returns the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        Process.Terminate();
        return Process.ExitAsync(EndBound);
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync()
    {
        Process.Kill();
        return Process.ExitAsync(EndBound);
    }

    public bool HasEnded => Process.HasExited;

    /// <summary>The exit code of a process that has ended.</summary>
    public int ExitCode => Process.ExitCode;

    /// <summary>Starts a download and does not wait until it listens, since it may end before.</summary>
    public Task LaunchAsync(SampleTorrent torrent, string folder) => BeginAsync(torrent, folder);

    /// <summary>Whether it ends by itself within this time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        try
        {
            await Process.ExitAsync(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits until a condition holds or it has ended.</summary>
    public Task UntilEndOrAsync(Func<bool> holds, TimeSpan bound) =>
        UntilAsync(() => Task.FromResult(HasEnded || holds()), bound, "has ended or come so far");

    /// <summary>Waits until the process ends by itself, and returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan bound)
    {
        await UntilAsync(() => Task.FromResult(HasEnded), bound, "has ended");
        return await Process.ExitAsync(bound);
    }

    protected override Task StartAsync(string folder, bool seeding)
    {
        List<string> command = [.. Runner, .. FreshetExecutable.Command];
        command.AddRange(seeding ? ["seed", Source, "--data", folder] : ["download", Source, "-o", folder]);
        if (!seeding && SeedsAfterwards)
            command.Add("--seed");
        if (!IsUnbound)
            command.AddRange(["--bind", Interface ?? EndPoint.Address.ToString()]);
        command.AddRange(["--port", Text(EndPoint.Port), "--state", StateFolder ?? Path.Combine(Home, "state"), "--json", "--log", LogFile,
            "--utp", !Options.Utp ? "off" : Options.TcpToo ? "on" : "only", .. MoreOptions]);
        if (Options.Encryption != ClientEncryption.Plain)
            command.AddRange(["--encryption", Options.Encryption == ClientEncryption.Preferred ? "preferred" : "required"]);
        if (!Options.MapsPorts)
            command.Add("--no-port-mapping");
        if (!Options.FindsNeighbours)
            command.Add("--no-lsd");
        foreach (IPEndPoint node in Options.DhtNodes ?? [])
            command.AddRange(["--dht-bootstrap", node.ToString()]);
        if (Options.UploadLimit is long limit)
            command.AddRange(["--max-upload", Text(limit)]);
        if (Options.DownloadLimit is long most)
            command.AddRange(["--max-download", Text(most)]);
        foreach (IPEndPoint peer in Peers)
            command.AddRange(["--peer", peer.ToString()]);
        Launch(command, OnLine);
        return Task.CompletedTask;
    }

    protected override Task<bool> IsListeningAsync() => Task.FromResult(Last("listening") is not null);

    private string LogFile => Path.Combine(Home, "freshet.log");

    private IEnumerable<string> LogLines(string name)
    {
        if (!File.Exists(LogFile))
            return [];
        using FileStream log = new(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(log);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Contains($" {name} ", StringComparison.Ordinal))];
    }

    private static PeerWayTaken Parse(string line) => new(
        ValueOf(line, "Peer"), ValueOf(line, "Transport"), ValueOf(line, "Encryption"), ValueOf(line, "IsOutgoing") == "True",
        ValueOf(line, "Path"));

    private static string ValueOf(string line, string name) =>
        line[(line.LastIndexOf($" {name}=", StringComparison.Ordinal) + name.Length + 2)..].Split(' ')[0].Trim();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void OnLine(string line)
    {
        double at = Now;
        if (line.StartsWith('{') && JsonNode.Parse(line) is { } parsed && (string?)parsed["event"] is { } name)
        {
            _last[name] = (at, parsed);
            if (name == "warning")
                _warnings.Enqueue((string?)parsed["message"] ?? "");
        }
    }
}
