using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Daemon;

/// <summary>Options of a daemon. <see cref="DaemonConfiguration"/> reads them from a file, the environment and flags.</summary>
public sealed record DaemonOptions
{
    /// <summary>The port of the API and the page, unless <see cref="Listen"/> says otherwise.</summary>
    public const int DefaultPort = 8690;

    /// <summary>The endpoints of the API and the page. Default: 127.0.0.1, port 8690. Port 0 lets the system choose.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [new(IPAddress.Loopback, DefaultPort)];

    /// <summary>Host names by which the daemon may be addressed, in addition to its addresses and localhost. Default: none.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>A PEM file with the certificate for TLS and its chain. Null, the default, serves without TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file with the certificate's key; null if the certificate's file has it.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>
    /// The hash of the password, as created by <see cref="PasswordHash"/>. Null, the default: only the token grants access.
    /// </summary>
    public string? PasswordHash { get; init; }

    /// <summary>The folders that paths in requests must lie in. Default: the download folder only.</summary>
    public ImmutableArray<string> AllowedFolders { get; init; } = [];

    /// <summary>Whether a .torrent may be fetched from a local network or from this machine. Default: false.</summary>
    public bool AllowLocalUrls { get; init; }

    /// <summary>Folders from which .torrent and .magnet files are added. Default: none.</summary>
    public ImmutableArray<WatchFolder> WatchFolders { get; init; } = [];

    /// <summary>
    /// A program with its arguments that is run when a torrent is complete; <c>{name}</c>, <c>{hash}</c>, <c>{folder}</c> and
    /// <c>{labels}</c> in the arguments are replaced. No shell is involved. Default: none.
    /// </summary>
    public ImmutableArray<string> OnComplete { get; init; } = [];

    /// <summary>The limit on downloads while the alternative limits are in force. Default: 1 MiB/s.</summary>
    public DataRate? AlternativeMaxDownloadRate { get; init; } = DataRate.FromMiB(1);

    /// <summary>The limit on uploads while the alternative limits are in force. Default: 256 KiB/s.</summary>
    public DataRate? AlternativeMaxUploadRate { get; init; } = new(256 * 1024);

    /// <summary>The folder for the files of added torrents until they are complete. Null, the default, means their final folder.</summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>
    /// A MaxMind DB file (.mmdb) with the countries of addresses. It is read at the start. Null, the default, means none.
    /// </summary>
    public string? GeoIp { get; init; }

    /// <summary>
    /// The file that the options were read from: no torrent is stored where it could overwrite it, since it may name programs to run. Null,
    /// the default, means none.
    /// </summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The maximum time for stopping, 1 s to 10 min. Default: 30 s.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The session's options. It must have a state folder. Default: those of a session, with the DHT, local discovery and port mapping, and
    /// a queue of 5 downloads and 20 seeds in which slow torrents do not count.
    /// </summary>
    public SessionOptions Session { get; init; } = new()
    {
        Dht = new DhtOptions(),
        LocalDiscovery = true,
        PortMapping = true,
        Queue = new QueueOptions { MaxActiveDownloads = 5, MaxActiveSeeds = 20, IgnoreSlow = new SlowTorrents() },
    };

    /// <summary>How long a request waits for what it asks for before that continues in the background.</summary>
    internal TimeSpan ActionPatience { get; init; } = Bounds.ActionPatience;

    /// <summary>How long a request waits for a piece that is not there yet.</summary>
    internal TimeSpan PiecePatience { get; init; } = Bounds.PiecePatience;

    /// <summary>What no request may reach: the state folder, with the token, and the file that the options were read from.</summary>
    internal IEnumerable<string> OwnPaths =>
        new string?[] { Session.StateFolder, ConfigurationFile }.OfType<string>().Select(Path.GetFullPath);

    /// <summary>The folders that paths in requests must lie in, with the default applied.</summary>
    internal ImmutableArray<string> EffectiveFolders => AllowedFolders.IsEmpty ? [Session.DownloadFolder] : AllowedFolders;
}
