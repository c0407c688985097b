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
using Freshet.Network;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet;

/// <summary>
/// Options of a session. Immutable: derive a changed copy with <c>with</c> and pass it to <see cref="Session.ApplyAsync"/>.
/// </summary>
public sealed record SessionOptions
{
    /// <summary>The download folder of torrents that do not name their own. Default: the current folder.</summary>
    public string DownloadFolder { get; init; } = ".";

    /// <summary>
    /// The folder for the session's state, a .torrent and a .resume for each torrent. With null nothing is saved, and the next start checks
    /// every byte again. Default: <c>freshet</c> in <c>$XDG_STATE_HOME</c>, otherwise in <c>~/.local/state</c>. It cannot be changed while
    /// the session runs.
    /// </summary>
    public string? StateFolder { get; init; } = DefaultStateFolder();

    /// <summary>
    /// Whether the session restores every torrent of its state folder when it starts, and resumes those that were running. It then uses the
    /// folder exclusively. If false, the folder only keeps records of the torrents that are added; other sessions that do not restore may
    /// use it too, for other torrents. Default: true. It cannot be changed while the session runs.
    /// </summary>
    public bool RestoreTorrents { get; init; } = true;

    /// <summary>
    /// The TCP port that peers connect to. 0 lets the system choose. Default: 6881. It cannot be changed while the session runs.
    /// </summary>
    public int ListenPort { get; init; } = 6881;

    /// <summary>
    /// The one local address or interface to listen on, dial from and announce from. If the machine loses the address or the interface goes
    /// down, all connections end, and nothing is sent over any other until it is back. An interface must exist when the session starts; if
    /// its address changes, the session continues with the new one. Names are looked up from there too: see <see cref="NameServers"/>.
    /// Null, the default, means every address of both families. It cannot be changed while the session runs.
    /// </summary>
    public BindTarget? Bind { get; init; }

    /// <summary>The address of <see cref="Bind"/>, if it is an address.</summary>
    public IPAddress? BindAddress
    {
        get => Bind?.Address;
        init => Bind = value;
    }

    /// <summary>
    /// The name servers (DNS, over UDP and TCP) that are asked for the addresses of names, at most three, over <see cref="Bind"/>; one on
    /// this machine may be among them. None, the default, means the system's resolver, or with <see cref="Bind"/> the name servers that the
    /// system is configured with, except those on this machine, which would ask others by any interface. It cannot be changed while the
    /// session runs.
    /// </summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>
    /// Whether trackers of torrents are asked where the owner of their host says in DNS that they are, and not at all if there are none
    /// (BEP 34). Otherwise they are asked as their URLs have it, and also behind a proxy. Default: true. It cannot be changed while the
    /// session runs.
    /// </summary>
    public bool TrackerPreferences { get; init; } = true;

    /// <summary>
    /// Whether peer connections are encrypted. Default: those with peers that require it. It cannot be changed while the session runs.
    /// </summary>
    public EncryptionOptions Encryption { get; init; } = new();

    /// <summary>
    /// The proxy through which peers, trackers, web seeds and the DHT are reached, or those of them that it names; null, the default, means
    /// no proxy. Proxied traffic never bypasses the proxy. If peers are proxied, there are no incoming connections, no local discovery and
    /// no port mapping, whatever the other options say, and peers that a link gives by host name are not resolved. An HTTP proxy carries no
    /// UDP: no uTP, no UDP trackers, no DHT. It cannot be changed while the session runs.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>
    /// Enables the DHT, which finds peers without trackers, on the UDP port with the number of <see cref="ListenPort"/>. Null, the default,
    /// disables it. Private torrents never use it. It cannot be changed while the session runs.
    /// </summary>
    public DhtOptions? Dht { get; init; }

    /// <summary>
    /// Whether peers are exchanged with other peers (BEP 11). Without it, torrents know fewer peers, and their peers learn of no others
    /// from us. Private torrents never use it. Default: true. It cannot be changed while the session runs.
    /// </summary>
    public bool PeerExchange { get; init; } = true;

    /// <summary>
    /// Whether the session looks for peers on the local networks and announces its torrents there (BEP 14), by multicast on UDP port 6771.
    /// Private torrents never use it. Default: false. It cannot be changed while the session runs.
    /// </summary>
    public bool LocalDiscovery { get; init; }

    /// <summary>
    /// Whether the router is asked to map its port with the number of <see cref="ListenPort"/> to us, for TCP and UDP (PCP, NAT-PMP, UPnP),
    /// so that peers on the internet can connect. The mapping is removed when the session ends. A session that is bound to a loopback
    /// address asks for none. Default: false. It cannot be changed while the session runs.
    /// </summary>
    public bool PortMapping { get; init; }

    /// <summary>
    /// Whether uTP (BEP 29), which yields to other traffic on the line, is used for peer connections. It uses UDP, on the port that peers
    /// connect to. Default: <see cref="UtpMode.On"/>. It cannot be changed while the session runs.
    /// </summary>
    public UtpMode Utp { get; init; }

    /// <summary>
    /// The limit on bytes received per second, payload and protocol, for all torrents together. Null, the default, means no limit.
    /// </summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>
    /// The limit on bytes sent per second, payload and protocol, for all torrents together; a low limit also reduces the number of peers
    /// that are uploaded to at once. Null, the default, means no limit. With a very low limit, other peers give less in return.
    /// </summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>
    /// Limits for peers on the local network, in place of those of the session and its torrents. Null, the default: local peers count like
    /// all others.
    /// </summary>
    public LocalNetworkOptions? LocalNetwork { get; init; }

    /// <summary>
    /// Limits that replace <see cref="MaxDownloadRate"/>, <see cref="MaxUploadRate"/> or both at certain hours of the week, by the local
    /// time of <see cref="TimeProvider"/>. If several apply, the first wins. Default: none.
    /// </summary>
    public ImmutableArray<ScheduledLimits> Schedule { get; init; } = [];

    /// <summary>
    /// A file of addresses to block: peers, trackers and DHT nodes there are neither contacted nor answered, and open connections to them
    /// are closed. Its lines are addresses, CIDR blocks (<c>192.0.2.0/24</c>), ranges (<c>192.0.2.1-192.0.2.9</c>), or those of eMule's
    /// <c>ipfilter.dat</c> or of PeerGuardian's <c>.p2p</c> lists; it may be gzipped. It is read again when it changes. Invalid lines are
    /// reported and skipped. Null, the default, blocks nothing.
    /// </summary>
    public string? Blocklist { get; init; }

    /// <summary>
    /// The maximum number of connections of all torrents together, 2 to 65,535. Default: 500. Each costs a socket and some KiB; home
    /// routers are known to fail with thousands. There are fewer if the system allows the process too few handles (<c>ulimit -n</c>).
    /// </summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>
    /// The maximum number of dials in progress, and likewise of incoming connections before their handshake (twice as many during their
    /// first second), 1 to 1,000. Default: 50.
    /// </summary>
    public int MaxHalfOpen { get; init; } = 50;

    /// <summary>How many torrents may be active at once. Default: no limit.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>How long torrents without their own limits seed, and what happens then. Default: until they are stopped.</summary>
    public SeedLimits SeedLimits { get; init; } = SeedLimits.None;

    /// <summary>
    /// The maximum memory for payload on its way to disk, 1 MiB to 16 GiB. Default: 16 MiB. When it is full, peers wait for the disk; when
    /// it is small, fast downloads of large pieces read back from disk what they have just written. Torrents share it fairly. Up to a
    /// sixteenth more is used, only by torrents that start while others hold all of it.
    /// </summary>
    public ByteSize BlockPoolSize { get; init; } = new(Limits.DefaultBlockPoolBytes);

    /// <summary>
    /// The maximum number of open files, 8 to 100,000. Default: 256. A low limit slows down torrents with many small files. There are fewer
    /// if the system allows the process too few handles (<c>ulimit -n</c>).
    /// </summary>
    public int MaxOpenFiles { get; init; } = 256;

    /// <summary>The number of threads that write and hash, 1 to 64. Default: one for each processor, at most four.</summary>
    public int DiskThreads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>How disk space is allocated for files. Default: as data arrives.</summary>
    public Preallocation Preallocation { get; init; }

    /// <summary>
    /// How often verified data is flushed to disk and recorded, 1 s to 1 h. Default: 30 s. A crash loses at most what arrived since the
    /// last time.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The destination of log messages. Default: none.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Creates the session's meter (<c>docs/metrics.md</c>). Null, the default, creates one that listeners find by its name,
    /// <c>Freshet</c>. It cannot be changed while the session runs.
    /// </summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// The clock for intervals, rates, times of events, and the timeouts of peers and disks. Default: the system's clock. HTTP requests,
    /// name resolution and disk threads always use the system's time, since what they wait for does. It cannot be changed while the session
    /// runs.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // Replaced in tests.
    internal IFileSystem FileSystem { get; init; } = SystemFiles.Instance;

    /// <summary>Validates the options.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message names every invalid one with its range.</exception>
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
        ValidateNameServers(NameServers, errors);
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
            RequireScheduled(limits.MaxDownloadRate, $"{nameof(Schedule)}.{nameof(MaxDownloadRate)}", errors);
            RequireScheduled(limits.MaxUploadRate, $"{nameof(Schedule)}.{nameof(MaxUploadRate)}", errors);
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

    internal static void ValidateNameServers(ImmutableArray<IPEndPoint> servers, List<string> errors)
    {
        if (servers.IsDefault || servers.Length > NetworkLimits.MaxNameServers)
            errors.Add($"{nameof(NameServers)} are more than {NetworkLimits.MaxNameServers}");
        else if (servers.Any(static server => server.Port == 0 || server.Address.Equals(IPAddress.Any)
            || server.Address.Equals(IPAddress.IPv6Any)))
            errors.Add($"{nameof(NameServers)} has an address or a port that nobody can be asked at");
    }

    internal static void RequirePositive(DataRate? rate, string name, List<string> errors)
    {
        if (rate is { BytesPerSecond: < TorrentOptions.LeastRate })
            errors.Add($"{name} is {rate}: 1 KiB/s or more, or null for no limit");
    }

    private static void RequireScheduled(DataRate? rate, string name, List<string> errors)
    {
        if (rate is { BytesPerSecond: not 0 and < TorrentOptions.LeastRate })
            errors.Add($"{name} is {rate}: 1 KiB/s or more, zero for no limit, or null for the usual one");
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
