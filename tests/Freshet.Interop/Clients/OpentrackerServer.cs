using System.Net;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Interop.Clients;

/// <summary>
/// opentracker as Debian builds it: closed, so that it must be given the info-hashes it serves. As root it makes its folder its
/// root and becomes nobody, so the list's path is relative and the folder open to all.
/// </summary>
public sealed class OpentrackerServer : ITracker
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private OpentrackerServer(ChildProcess process, IPEndPoint endPoint)
    {
        _process = process;
        AnnounceUrl = $"http://{endPoint}/announce";
    }

    public string AnnounceUrl { get; }

    public string Log => $"--- opentracker at {AnnounceUrl}\n{_process.Tail}";

    public static async Task<OpentrackerServer> StartAsync(string workFolder, params IEnumerable<SampleTorrent> torrents)
    {
        IPEndPoint endPoint = new(Loopback.NextAddress(), Loopback.NextPort());
        DirectoryInfo home = Directory.CreateDirectory(Path.Combine(workFolder, $"opentracker-{endPoint.Port}"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(home.FullName, (UnixFileMode)0b111_101_101);
        File.WriteAllLines(Path.Combine(home.FullName, "whitelist"), torrents.Select(torrent => torrent.InfoHash));
        string port = endPoint.Port.ToString(provider: null);
        ChildProcess process = ChildProcess.Start(home.FullName,
            ["opentracker", "-i", endPoint.Address.ToString(), "-p", port, "-d", home.FullName, "-w", "whitelist"]);
        OpentrackerServer server = new(process, endPoint);
        await Wait.UntilAsync(() => Task.FromResult(Loopback.IsListening(endPoint)), StartBound, () => "opentracker listens\n" + server.Log);
        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
