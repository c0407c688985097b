using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Daemon;

/// <summary>How a daemon runs. <see cref="DaemonConfiguration"/> reads it from a file, the environment and flags.</summary>
public sealed record DaemonOptions
{
    /// <summary>The port of the API and the page, unless <see cref="Listen"/> says otherwise.</summary>
    public const int DefaultPort = 8690;

    /// <summary>Where the API and the page are served. Default: 127.0.0.1, port 8690. Port 0 lets the system choose.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [new(IPAddress.Loopback, DefaultPort)];

    /// <summary>Names by which the daemon may be called, beside its addresses and localhost. Default: none.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>A PEM file with the certificate for TLS and its chain. Null, the default, serves without TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file with the certificate's key; null if the certificate's file has it.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>
    /// The hash of the password, as <see cref="PasswordHash"/> makes it. Null, the default: only the token opens the door.
    /// </summary>
    public string? PasswordHash { get; init; }

    /// <summary>The folders that paths in requests must lie in. Default: the download folder alone.</summary>
    public ImmutableArray<string> AllowedFolders { get; init; } = [];

    /// <summary>Whether a .torrent may be fetched from a local network or this machine. Default: no.</summary>
    public bool AllowLocalUrls { get; init; }

    /// <summary>Folders that .torrent and .magnet files are dropped into to be added. Default: none.</summary>
    public ImmutableArray<WatchFolder> WatchFolders { get; init; } = [];

    /// <summary>
    /// A program, and its arguments, that is run when a torrent is complete; <c>{name}</c>, <c>{hash}</c>, <c>{folder}</c> and
    /// <c>{labels}</c>
    /// in them are replaced. No shell reads them. Default: none.
    /// </summary>
    public ImmutableArray<string> OnComplete { get; init; } = [];

    /// <summary>The limit on downloads while the alternative limits are in force. Default: 1 MiB/s.</summary>
    public DataRate? AlternativeMaxDownloadRate { get; init; } = DataRate.FromMiB(1);

    /// <summary>The limit on uploads while the alternative limits are in force. Default: 256 KiB/s.</summary>
    public DataRate? AlternativeMaxUploadRate { get; init; } = new(256 * 1024);

    /// <summary>
    /// Where the files of torrents that are added are until they are complete. Null, the default, is where they belong.
    /// </summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>
    /// A MaxMind DB file (.mmdb) that says in which countries addresses are. It is read at the start. Null, the default, is none.
    /// </summary>
    public string? GeoIp { get; init; }

    /// <summary>How long stopping may take, 1 s to 10 min. Default: 30 s.</summary>
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

    /// <summary>The folders that paths in requests must lie in, with the default.</summary>
    internal ImmutableArray<string> EffectiveFolders => AllowedFolders.IsEmpty ? [Session.DownloadFolder] : AllowedFolders;
}
