using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>
/// Nodes that form a DHT in a separate network: nodes of libtorrent in one process, or processes of <c>freshet dht node</c>.
/// </summary>
public sealed class DhtNodes : IAsyncDisposable
{
    private const int Port = 6881;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLookups = TimeSpan.FromSeconds(1);

    private readonly List<ChildProcess> _processes = [];
    private readonly ConcurrentDictionary<string, string> _said = new();
    private readonly string _home;
    private ChildProcess _libtorrent = null!;

    private DhtNodes(string workFolder, IReadOnlyList<IPEndPoint> endPoints)
    {
        EndPoints = endPoints;
        _home = Directory.CreateDirectory(Path.Combine(workFolder, $"nodes-{EndPoints[0].Address}".Replace(':', '-'))).FullName;
    }

    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>The last lines of their output.</summary>
    public string Log => string.Join('\n', _processes.Select(process => $"--- {process.CommandLine}\n{process.Tail}"));

    /// <summary>How libtorrent died by a signal; null if it did not.</summary>
    public string? Crash => _processes.Where(process => !FreshetExecutable.IsFreshet(process.CommandLine))
        .Select(process => process.Crash).FirstOrDefault(crash => crash is not null);

    /// <summary>Endpoints for nodes in a network.</summary>
    public static IReadOnlyList<IPEndPoint> NewEndPoints(NetworkNamespace network, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new IPEndPoint(network.NextAddress(), Port))];

    /// <summary>Starts nodes of libtorrent, and waits until they know each other.</summary>
    public static async Task<DhtNodes> StartLibtorrentAsync(string workFolder, NetworkNamespace network, int count)
    {
        DhtNodes nodes = new(workFolder, NewEndPoints(network, count));
        nodes.StartLibtorrent(network, nodes.EndPoints, others: [], isReadOnly: false);
        await nodes.UntilAsync(() => nodes._said.ContainsKey("ready"), "libtorrent's nodes know each other");
        return nodes;
    }

    /// <summary>
    /// Starts nodes of Freshet, and waits until they know others. Questions to libtorrent's first node are answered by an additional node,
    /// which queries ours and answers nobody: frequent lookups by the command line would fill the tables of clients that do not know BEP
    /// 43.
    /// </summary>
    /// <param name="workFolder">The folder below which they keep their files.</param>
    /// <param name="network">The network that they run in.</param>
    /// <param name="endPoints">Their endpoints in it.</param>
    /// <param name="others">Other nodes, which they query as soon as they start.</param>
    public static async Task<DhtNodes> StartFreshetAsync(
        string workFolder, NetworkNamespace network, IReadOnlyList<IPEndPoint> endPoints, params IEnumerable<IPEndPoint> others)
    {
        DhtNodes nodes = new(workFolder, endPoints);
        string[] beginnings = [.. others.Concat([nodes.EndPoints[0], nodes.EndPoints[^1]])
            .SelectMany(node => new[] { "--dht-bootstrap", node.ToString() })];
        nodes.StartFreshet(network, beginnings);
        nodes.StartLibtorrent(network, NewEndPoints(network, 1), endPoints, isReadOnly: true);
        await nodes.UntilAsync(() => nodes._said.Count == endPoints.Count + 1, "our nodes know each other");
        return nodes;
    }

    /// <summary>Starts nodes of Freshet only, and waits until they know others.</summary>
    public static async Task<DhtNodes> StartFreshetAloneAsync(
        string workFolder, NetworkNamespace network, IReadOnlyList<IPEndPoint> endPoints)
    {
        DhtNodes nodes = new(workFolder, endPoints);
        nodes.StartFreshet(network, ["--dht-bootstrap", endPoints[0].ToString(), "--dht-bootstrap", endPoints[^1].ToString()]);
        await nodes.UntilAsync(() => nodes._said.Count == endPoints.Count, "our nodes know each other");
        return nodes;
    }

    /// <summary>Sends a command to libtorrent's first node (libtorrent_dht.py lists them) and returns the answer.</summary>
    public async Task<string> AskAsync(string command, params string[] arguments)
    {
        _said.TryRemove(command, out _);
        _libtorrent.WriteLine(string.Join(' ', arguments.Prepend(command)));
        await UntilAsync(() => _said.ContainsKey(command), $"libtorrent answers '{command}'");
        return _said[command];
    }

    /// <summary>Has each of libtorrent's nodes ping other nodes, so that these learn of all of them.</summary>
    public void Meet(params ReadOnlySpan<IPEndPoint> others)
    {
        foreach (IPEndPoint node in others)
            _libtorrent.WriteLine($"meet {node.Address} {node.Port}");
    }

    /// <summary>Has libtorrent's first node search for peers of a torrent until it finds some.</summary>
    public Task UntilFoundAsync(string infoHash, TimeSpan bound)
    {
        long asked = 0;
        return UntilAsync(
            () =>
            {
                if (asked == 0 || Stopwatch.GetElapsedTime(asked) > BetweenLookups)
                {
                    asked = Stopwatch.GetTimestamp();
                    _libtorrent.WriteLine("peers " + infoHash);
                }

                return _said.ContainsKey("peers:" + infoHash);
            },
            $"peers of {infoHash} are known",
            bound);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private void StartFreshet(NetworkNamespace network, IReadOnlyList<string> beginnings)
    {
        foreach (IPEndPoint node in EndPoints)
        {
            _processes.Add(ChildProcess.Start(
                _home,
                [.. network.Runner, .. FreshetExecutable.Command, "dht", "node", "--json", "--bind", node.Address.ToString(),
                    "--port", Port.ToString(CultureInfo.InvariantCulture), .. beginnings],
                OnStatus));
        }
    }

    private void StartLibtorrent(
        NetworkNamespace network, IReadOnlyList<IPEndPoint> endPoints, IReadOnlyList<IPEndPoint> others, bool isReadOnly)
    {
        string script = Path.Combine(_home, "libtorrent_dht.py");
        using (Stream source = typeof(DhtNodes).Assembly.GetManifestResourceStream("libtorrent_dht.py")!)
        using (FileStream copy = File.Create(script))
            source.CopyTo(copy);
        string arguments = JsonSerializer.Serialize(new
        {
            nodes = endPoints.Select(node => node.ToString()),
            others = others.Select(node => node.ToString()),
            readOnly = isReadOnly,
        });
        _libtorrent = ChildProcess.Start(_home, [.. network.Runner, InstalledClients.DebianPython, script, arguments], OnLine);
        _processes.Add(_libtorrent);
    }

    private Task UntilAsync(Func<bool> holds, string what, TimeSpan? bound = null) => Wait.UntilAsync(
        () =>
        {
            if (Crash is { } crash)
                throw new ProcessCrashedException(crash, Log);
            return _processes.Find(process => process.HasExited) is { } dead
                ? throw new InvalidOperationException($"'{dead.CommandLine}' ended with {dead.ExitCode}\n{Log}")
                : Task.FromResult(holds());
        },
        bound ?? Bound,
        () => $"{what}\n{Log}");

    private void OnLine(string line)
    {
        string[] fields = line.Split(' ', 3);
        if (fields.Length >= 2 && double.TryParse(fields[0], CultureInfo.InvariantCulture, out _))
            _said[fields[1]] = fields.Length > 2 ? fields[2] : "";
    }

    private void OnStatus(string line)
    {
        if (line.StartsWith('{') && JsonNode.Parse(line) is { } status && (int)status["nodes"]! + (int)status["nodes6"]! > 0)
            _said[(string)status["endpoints"]![0]!] = line;
    }
}
