using System.Collections.Concurrent;
using System.Diagnostics;

namespace Freshet.Interop.Clients;

/// <summary>Which of the clients are installed on this machine, and how to install the others.</summary>
public static class InstalledClients
{
    /// <summary>Debian's python3-libtorrent is a module of Debian's own interpreter, which need not be the first python3 in PATH.</summary>
    public const string DebianPython = "/usr/bin/python3";

    private static readonly ConcurrentDictionary<ClientKind, string?> Reasons = new();

    /// <summary>Null if the client can be run; otherwise a line that says what is missing.</summary>
    public static string? ReasonMissing(ClientKind kind) => Reasons.GetOrAdd(kind, FindReason);

    /// <summary>Creates a client, whose home is a new folder in <paramref name="workFolder"/>.</summary>
    public static PeerClient Create(ClientKind kind, string workFolder, ClientOptions? options = null) => kind switch
    {
        ClientKind.Freshet => new FreshetClient(workFolder, options),
        ClientKind.Libtorrent => new LibtorrentClient(workFolder, options),
        ClientKind.Transmission => new TransmissionClient(workFolder, options),
        ClientKind.Aria2 => new Aria2Client(workFolder, options),
        ClientKind.RTorrent => new RTorrentClient(workFolder, options),
        ClientKind.QBittorrent => new QBittorrentClient(workFolder, options),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "neither seeds nor leeches"),
    };

    private static string? FindReason(ClientKind kind) => kind switch
    {
        ClientKind.Freshet => FreshetExecutable.ReasonMissing(),
        ClientKind.Libtorrent => HasLibtorrent() ? null : Missing("libtorrent", "python3-libtorrent"),
        ClientKind.Transmission => IsInPath("transmission-daemon") && IsInPath("transmission-show")
            ? null : Missing("Transmission", "transmission-daemon transmission-cli"),
        ClientKind.Aria2 => IsInPath("aria2c") ? null : Missing("aria2", "aria2"),
        ClientKind.RTorrent => IsInPath("rtorrent") ? null : Missing("rTorrent", "rtorrent"),
        ClientKind.QBittorrent => IsInPath("qbittorrent-nox") ? null : Missing("qBittorrent", "qbittorrent-nox"),
        ClientKind.Opentracker => IsInPath("opentracker") ? null : Missing("opentracker", "opentracker"),
        ClientKind.Mktorrent => IsInPath("mktorrent") ? null : Missing("mktorrent", "mktorrent"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Missing(string name, string packages) => $"{name} is not installed (Debian: apt-get install {packages})";

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool HasLibtorrent()
    {
        if (!File.Exists(DebianPython))
            return false;
        using Process python = Process.Start(new ProcessStartInfo(DebianPython, ["-c", "import libtorrent"])
        {
            RedirectStandardError = true,
        })!;
        python.StandardError.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0;
    }
}
