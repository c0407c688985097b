using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>Nodes that make a DHT in a network of its own: libtorrent's in one process, or processes of <c>freshet dht node</c>.</summary>
public sealed class DhtNodes : IAsyncDisposable
{
    private const int Port = 6881;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly List<ChildProcess> _processes = [];
    private readonly ConcurrentDictionary<string, string> _said = new();
    private readonly string _home;

    private DhtNodes(string workFolder, NetworkNamespace network, int count)
    {
        EndPoints = [.. Enumerable.Range(0, count).Select(_ => new IPEndPoint(network.NextAddress(), Port))];
        _home = Directory.CreateDirectory(Path.Combine(workFolder, $"nodes-{EndPoints[0].Address}")).FullName;
    }

    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>The last lines that they wrote.</summary>
    public string Log => string.Join('\n', _processes.Select(process => $"--- {process.CommandLine}\n{process.Tail}"));

    /// <summary>How libtorrent died by a signal of its own; null if it did not.</summary>
    public string? Crash => _processes.Where(process => !FreshetExecutable.IsFreshet(process.CommandLine))
        .Select(process => process.Crash).FirstOrDefault(crash => crash is not null);

    /// <summary>Starts nodes of libtorrent, and waits until they know each other.</summary>
    public static async Task<DhtNodes> StartLibtorrentAsync(string workFolder, NetworkNamespace network, int count)
    {
        DhtNodes nodes = new(workFolder, network, count);
        string script = Path.Combine(nodes._home, "libtorrent_dht.py");
        using (Stream source = typeof(DhtNodes).Assembly.GetManifestResourceStream("libtorrent_dht.py")!)
        using (FileStream copy = File.Create(script))
            await source.CopyToAsync(copy);
        string arguments = JsonSerializer.Serialize(new { nodes = nodes.EndPoints.Select(node => node.ToString()) });
        nodes._processes.Add(ChildProcess.Start(
            nodes._home, [.. network.Runner, InstalledClients.DebianPython, script, arguments], nodes.OnLine));
        await nodes.UntilAsync(() => nodes._said.ContainsKey("ready"), "libtorrent's nodes know each other");
        return nodes;
    }

    /// <summary>Starts nodes of ours, and waits until they know each other.</summary>
    public static async Task<DhtNodes> StartFreshetAsync(string workFolder, NetworkNamespace network, int count)
    {
        DhtNodes nodes = new(workFolder, network, count);
        foreach (IPEndPoint node in nodes.EndPoints)
        {
            nodes._processes.Add(ChildProcess.Start(
                nodes._home,
                [.. network.Runner, .. FreshetExecutable.Command, "dht", "node", "--json", "--bind", node.Address.ToString(),
                    "--port", Port.ToString(CultureInfo.InvariantCulture), "--dht-bootstrap", nodes.EndPoints[0].ToString(),
                    "--dht-bootstrap", nodes.EndPoints[^1].ToString()],
                nodes.OnStatus));
        }

        await nodes.UntilAsync(() => nodes._said.Count == count, "our nodes know each other");
        return nodes;
    }

    /// <summary>Has libtorrent's first node do something (libtorrent_dht.py has the words); its answer.</summary>
    public async Task<string> AskAsync(string command, params string[] arguments)
    {
        _said.TryRemove(command, out _);
        _processes[0].WriteLine(string.Join(' ', arguments.Prepend(command)));
        await UntilAsync(() => _said.ContainsKey(command), $"libtorrent answers '{command}'");
        return _said[command];
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private Task UntilAsync(Func<bool> holds, string what) => Wait.UntilAsync(
        () => _processes.Find(process => process.HasExited) is { } dead
            ? throw new InvalidOperationException($"'{dead.CommandLine}' ended with {dead.ExitCode}\n{Log}")
            : Task.FromResult(holds()),
        Bound,
        () => $"{what}\n{Log}");

    private void OnLine(string line)
    {
        string[] fields = line.Split(' ', 3);
        if (fields.Length >= 2 && double.TryParse(fields[0], CultureInfo.InvariantCulture, out _))
            _said[fields[1]] = fields.Length > 2 ? fields[2] : "";
    }

    private void OnStatus(string line)
    {
        if (line.StartsWith('{') && JsonNode.Parse(line) is { } status && (int)status["nodes"]! > 0)
            _said[(string)status["endpoints"]![0]!] = line;
    }
}
