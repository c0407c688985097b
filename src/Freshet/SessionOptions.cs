using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Proxies;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet;

/// <summary>
/// What a session is to be like. Immutable: derive another with <c>with</c> and hand it to <see cref="Session.ApplyAsync"/>.
/// </summary>
public sealed record SessionOptions
{
    /// <summary>Where torrents go that do not say otherwise. Default: the current folder.</summary>
    public string DownloadFolder { get; init; } = ".";

    /// <summary>
    /// Where the session keeps what it must not forget, a .torrent and a .resume for each torrent. Null keeps nothing: the next
    /// start checks every byte again. Default: <c>freshet</c> in <c>$XDG_STATE_HOME</c>, else in <c>~/.local/state</c>.
    /// It cannot be changed while the session runs.
    /// </summary>
    public string? StateFolder { get; init; } = DefaultStateFolder();

    /// <summary>
    /// Whether the session brings back every torrent of its state folder when it starts, and goes on with those that were running. The
    /// folder is then its own as long as it runs. If false, the folder only keeps what is known of the torrents that are added; other
    /// sessions that do not restore may use it too, for other torrents. Default: true. It cannot be changed while the session runs.
    /// </summary>
    public bool RestoreTorrents { get; init; } = true;

    /// <summary>
    /// The TCP port that peers connect to. 0 lets the system choose. Default 6881. It cannot be changed while the session runs.
    /// </summary>
    public int ListenPort { get; init; } = 6881;

    /// <summary>
    /// The one local address, or the one interface, to listen on, to dial from and to announce from. If the machine loses it, or the
    /// interface is down, all connections end, and nothing is sent by any other until it is back. An interface must be there when the
    /// session starts; when it gets another address, the session goes on from that. Names of trackers are looked up by the system's
    /// resolver, whose queries go as the system is set up. Null is every address of both families, the default. It cannot be changed while
    /// the session runs.
    /// </summary>
    public BindTarget? Bind { get; init; }

    /// <summary><see cref="Bind"/>, if it is an address.</summary>
    public IPAddress? BindAddress
    {
        get => Bind?.Address;
        init => Bind = value;
    }

    /// <summary>
    /// Whether connections with peers are encrypted. Default: those with peers that require it. It cannot be changed while the session
    /// runs.
    /// </summary>
    public EncryptionOptions Encryption { get; init; } = new();

    /// <summary>
    /// The proxy by which alone peers, trackers, web seeds and the DHT are reached, or those of them that it names; null, the default, is
    /// none. What goes through it never goes around it. If peers do, there are no incoming connections, no local discovery and no port
    /// mapping, whatever the other options say, and peers that a link names by a host name are not looked up. An HTTP proxy carries no
    /// UDP: no uTP, no UDP trackers, no DHT. It cannot be changed while the session runs.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>
    /// Takes part in the DHT, which finds peers without trackers, on the UDP port of the number of <see cref="ListenPort"/>. Null, the
    /// default, does not. Private torrents never use it. It cannot be changed while the session runs.
    /// </summary>
    public DhtOptions? Dht { get; init; }

    /// <summary>
    /// Whether peers tell us of other peers, and we them (BEP 11). Without it torrents know fewer peers, and those that they know hear of
    /// nobody else from us. Private torrents never do it. Default: true. It cannot be changed while the session runs.
    /// </summary>
    public bool PeerExchange { get; init; } = true;

    /// <summary>
    /// Whether peers are looked for on the local networks, and told there which torrents the session has (BEP 14), by multicast on UDP port
    /// 6771. Private torrents never are. Default: false. It cannot be changed while the session runs.
    /// </summary>
    public bool LocalDiscovery { get; init; }

    /// <summary>
    /// Whether the router is asked to lead its port of the number of <see cref="ListenPort"/> to us, over TCP and UDP (PCP, NAT-PMP, UPnP),
    /// so that peers can connect to us. It is asked to forget that when the session ends. A session that is bound to a loopback address
    /// asks nobody. Default: false. It cannot be changed while the session runs.
    /// </summary>
    public bool PortMapping { get; init; }

    /// <summary>
    /// Whether peers are connected to over uTP (BEP 29), which yields to other traffic of the line. It uses UDP, on the port that peers
    /// connect to. Default: <see cref="UtpMode.On"/>. It cannot be changed while the session runs.
    /// </summary>
    public UtpMode Utp { get; init; }

    /// <summary>The most received per second, payload and messages, all torrents together. Null, the default, is no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>
    /// The most sent per second, payload and messages, all torrents together; under a low limit fewer peers are uploaded to at once. Null,
    /// the default, is no limit. A very low limit makes other peers
    /// give less in return.
    /// </summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>
    /// Limits for peers on the local network instead of the session's and the torrents'. Null, the default: they count as all others.
    /// </summary>
    public LocalNetworkOptions? LocalNetwork { get; init; }

    /// <summary>
    /// Limits that hold instead of <see cref="MaxDownloadRate"/> and <see cref="MaxUploadRate"/> in some hours of the week, by the local
    /// time of <see cref="TimeProvider"/>. Where several would hold, the first does. Default: none.
    /// </summary>
    public ImmutableArray<ScheduledLimits> Schedule { get; init; } = [];

    /// <summary>
    /// A file with addresses to exchange nothing with: no peer, tracker or node of the DHT there is connected to or answered, and
    /// connections that there are end. Its lines are addresses, blocks (<c>192.0.2.0/24</c>), ranges (<c>192.0.2.1-192.0.2.9</c>), or those
    /// of eMule's <c>ipfilter.dat</c> or of PeerGuardian's <c>.p2p</c> lists; packed with gzip or not. It is read again when it changes.
    /// Lines that make no sense are reported and passed over. Null, the default, blocks nobody.
    /// </summary>
    public string? Blocklist { get; init; }

    /// <summary>
    /// The most connections, all torrents together, 2 to 65,535. Default 500. Each costs a socket and some KiB; home routers
    /// are known to fail with thousands. There are fewer if the system allows the process too few handles (<c>ulimit -n</c>).
    /// </summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>
    /// The most dials under way at once, and as many incoming connections without a handshake (for a second after they came, twice as
    /// many), 1 to 1,000. Default 50.
    /// </summary>
    public int MaxHalfOpen { get; init; } = 50;

    /// <summary>How many torrents may be active at once. Default: all of them.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>How long torrents seed that have no limits of their own, and what happens then. Default: until they are stopped.</summary>
    public SeedLimits SeedLimits { get; init; } = SeedLimits.None;

    /// <summary>
    /// The most memory for payload on its way to disk, 1 MiB to 16 GiB. Default 16 MiB. When it is full, peers wait for the disk;
    /// with little of it, fast downloads of large pieces read back from disk what they have just written. Torrents share it fairly. Beyond
    /// it, a sixteenth more is taken only by torrents that begin while others hold all of it.
    /// </summary>
    public ByteSize BlockPoolSize { get; init; } = new(Limits.DefaultBlockPoolBytes);

    /// <summary>
    /// The most files open at once, 8 to 100,000. Default 256. Few make torrents of many small files slower. There are fewer if the system
    /// allows the process too few handles (<c>ulimit -n</c>).
    /// </summary>
    public int MaxOpenFiles { get; init; } = 256;

    /// <summary>Threads that write and hash, 1 to 64. Default: one for each processor, four at the most.</summary>
    public int DiskThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>How disk space is taken for files. Default: as data arrives.</summary>
    public Preallocation Preallocation { get; init; }

    /// <summary>
    /// How often what was verified is flushed to disk and recorded, 1 s to 1 h. Default 30 s. A crash costs at most what
    /// arrived since.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where logs go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Makes the session's meter (<c>docs/metrics.md</c>). Null, the default, makes one that is found by its name, <c>Freshet</c>. It
    /// cannot be changed while the session runs.
    /// </summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// What time it is, and what time passes: for intervals, rates, times of events, and the patience with peers and disks. Default: the
    /// system's clocks. It cannot be changed while the session runs. Requests over HTTP, look-ups of names and the threads of the disk keep
    /// to the system's time all the same, since what they wait for does.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // Tests put another in its place.
    internal IFileSystem FileSystem { get; init; } = SystemFiles.Instance;

    /// <summary>Finds everything that is wrong with the options.</summary>
    /// <exception cref="ArgumentException">Something is; the message names every member that is, with its range.</exception>
    public void Validate()
    {
        List<string> errors = [];
        RequireRange(ListenPort, 0, IPEndPoint.MaxPort, nameof(ListenPort), errors);
        RequireRange(MaxConnections, 2, 65_535, nameof(MaxConnections), errors);
        RequireRange(MaxHalfOpen, 1, 1_000, nameof(MaxHalfOpen), errors);
        RequireRange(MaxOpenFiles, 8, 100_000, nameof(MaxOpenFiles), errors);
        RequireRange(DiskThreads, 1, 64, nameof(DiskThreads), errors);
        if (string.IsNullOrWhiteSpace(DownloadFolder))
            errors.Add($"{nameof(DownloadFolder)} is empty: name a folder");
        if (StateFolder is not null && string.IsNullOrWhiteSpace(StateFolder))
            errors.Add($"{nameof(StateFolder)} is empty: name a folder, or null to keep nothing");
        if (BlockPoolSize < ByteSize.FromMiB(1) || BlockPoolSize > ByteSize.FromMiB(16 * 1024))
            errors.Add($"{nameof(BlockPoolSize)} is {BlockPoolSize}: 1 MiB to 16 GiB");
        if (CheckpointInterval < TimeSpan.FromSeconds(1) || CheckpointInterval > TimeSpan.FromHours(1))
            errors.Add($"{nameof(CheckpointInterval)} is {CheckpointInterval}: 1 s to 1 h");
        Dht?.Validate(errors);
        if (Proxy?.Mistake() is { } mistake)
            errors.Add($"{nameof(Proxy)}: {mistake}");
        if (Proxy is { Kind: ProxyKind.Http } && Proxy.Uses.HasFlag(ProxyUses.Peers) && Utp == UtpMode.Only)
            errors.Add($"{nameof(Utp)} is {nameof(UtpMode.Only)}, but uTP does not go through an HTTP proxy");
        LocalNetwork?.Validate(errors);
        if (Blocklist is not null && string.IsNullOrWhiteSpace(Blocklist))
            errors.Add($"{nameof(Blocklist)} is empty: name a file, or null for none");
        foreach (ScheduledLimits limits in Schedule)
        {
            limits.Window.Validate(nameof(Schedule), errors);
            RequirePositive(limits.MaxDownloadRate, $"{nameof(Schedule)}.{nameof(MaxDownloadRate)}", errors);
            RequirePositive(limits.MaxUploadRate, $"{nameof(Schedule)}.{nameof(MaxUploadRate)}", errors);
        }

        Queue.Validate(errors);
        SeedLimits.Validate(nameof(SeedLimits), errors);
        RequirePositive(MaxDownloadRate, nameof(MaxDownloadRate), errors);
        RequirePositive(MaxUploadRate, nameof(MaxUploadRate), errors);
        ThrowIfAny(errors);
    }

    internal static void RequireRange(int value, int least, int most, string name, List<string> errors)
    {
        if (value < least || value > most)
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: {least} to {most}"));
    }

    internal static void RequirePositive(DataRate? rate, string name, List<string> errors)
    {
        if (rate is { BytesPerSecond: < TorrentOptions.LeastRate })
            errors.Add($"{name} is {rate}: 1 KiB/s or more, or null for no limit");
    }

    internal static void ThrowIfAny(List<string> errors)
    {
        if (errors.Count > 0)
            throw new ArgumentException(string.Join("; ", errors) + ".");
    }

    private static string DefaultStateFolder()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (OperatingSystem.IsWindows())
            state = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        else if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "freshet");
    }
}
