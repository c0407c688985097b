using System.Collections.Immutable;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Configuration;

/// <summary>
/// All options of the daemon: the one list that the file, the environment, the flags, the help and the checks are made from.
/// </summary>
internal static class Settings
{
    public static ImmutableArray<Setting> All { get; } = [.. OfServer(), .. OfSession(), .. OfLimits(), .. OfQueue(), .. OfSeeding()];

    private static IEnumerable<Setting> OfServer() =>
    [
        List("Listen", "ADDRESS:PORT", "Where the API and the page are served. Port 0 lets the system choose.", "127.0.0.1:8690",
            static (options, values) => options with { Listen = [.. values.Select(Values.EndPoint)] }),
        List("AllowedHosts", "NAME", "Names by which browsers may call the daemon, beside its addresses and localhost.", "none",
            static (options, values) => options with { AllowedHosts = [.. values.Select(Values.HostName)] }),
        One("Certificate", "FILE", "A PEM file with the certificate for TLS, and its chain.", "no TLS",
            static (options, value) => options with { Certificate = Values.ExistingFile(value) }),
        One("CertificateKey", "FILE", "The PEM file with the certificate's key.", "the file of the certificate",
            static (options, value) => options with { CertificateKey = Values.ExistingFile(value) }),
        One("PasswordHash", "HASH", "The hash of a password to log in with, as `freshet daemon hash-password` prints it.",
            "none: only the token", static (options, value) => options with { PasswordHash = Values.Hash(value) }),
        List("AllowedFolders", "DIR", "The folders that paths in requests must lie in.", "the download folder",
            static (options, values) => options with { AllowedFolders = [.. values.Select(Values.Folder)] }),
        One("AllowLocalUrls", "BOOL", "Whether a .torrent may be fetched from a local network or this machine.", "false",
            static (options, value) => options with { AllowLocalUrls = Values.Flag(value) }),
        List("WatchFolders", "DIR;RULE;…",
            "Folders that .torrent and .magnet files are dropped into to be added, each with rules: folder=DIR, label=TEXT, category=TEXT, "
            + "start=BOOL.", "none", static (options, values) => options with { WatchFolders = [.. values.Select(WatchRules.Read)] }),
        List("OnComplete", "PROGRAM|ARGUMENT",
            "A program and its arguments, run when a torrent is complete. {name}, {hash}, {folder} and {labels} in arguments are replaced; "
            + "no shell reads them.", "none", static (options, values) => options with { OnComplete = Values.Program(values) }),
        One("IncompleteFolder", "DIR", "Where the files of newly added torrents are stored until they are complete.", "where they belong",
            static (options, value) => options with { IncompleteFolder = Values.Folder(value) }),
        One("GeoIp", "FILE", "A MaxMind DB file (.mmdb) that says in which countries peers are.", "none",
            static (options, value) => options with { GeoIp = Values.ExistingFile(value) }),
        One("StopTime", "SECONDS", "How long stopping may take.", "30",
            static (options, value) => options with { StopTime = TimeSpan.FromSeconds(Values.Number(value, 1, 600)) }),
    ];

    private static IEnumerable<Setting> OfSession() =>
    [
        Session("State", "DIR", "The state folder.", "$XDG_STATE_HOME/freshet, or ~/.local/state/freshet",
            static (session, value) => session with { StateFolder = Values.Folder(value) }),
        Session("DownloadFolder", "DIR", "The folder for torrents that name no other.", "~/Downloads",
            static (session, value) => session with { DownloadFolder = Values.Folder(value) }),
        Session("Port", "N", "The port for peers; 0 lets the system choose.", "6881",
            static (session, value) => session with { ListenPort = Values.Number(value, 0, 65_535) }),
        Session("Bind", "ADDRESS|INTERFACE",
            "The one address, or network interface, of this machine that all traffic with peers and trackers uses.", "every address",
            static (session, value) => session with { Bind = Values.Bind(value) }),
        new("NameServer", "ADDRESS[:PORT]",
            "The name servers to ask for the addresses of names, at most three; they may be on this machine.",
            "the system's, with `Bind` without those on this machine")
        {
            IsList = true,
            Apply = static (options, values) =>
                options with { Session = options.Session with { NameServers = Values.NameServers(values) } },
        },
        Session("TrackerPreferences", "BOOL", "Whether trackers are asked where their hosts say in DNS that they are (BEP 34).", "true",
            static (session, value) => session with { TrackerPreferences = Values.Flag(value) }),
        Session("Dht", "BOOL", "Whether the session takes part in the DHT, which finds peers without trackers.", "true",
            static (session, value) => session with { Dht = Values.Flag(value) ? session.Dht ?? new DhtOptions() : null }),
        new("DhtBootstrap", "HOST:PORT", "Where to begin in the DHT while no other nodes are known; `none` for none.",
            "well-known bootstrap nodes")
        {
            IsList = true,
            Apply = static (options, values) => options with { Session = options.Session with { Dht = options.Session.Dht is { } dht
                ? dht with { Bootstrap = Values.Bootstrap(values) }
                : null } },
        },
        Session("DhtEnforceIds", "BOOL", "Whether only DHT nodes whose id matches their address (BEP 42) are accepted.", "false",
            static (session, value) => session with { Dht = session.Dht is { } dht
                ? dht with { EnforceNodeIds = Values.Flag(value) }
                : null }),
        Session("PeerExchange", "BOOL", "Whether peers tell us of other peers, and we them.", "true",
            static (session, value) => session with { PeerExchange = Values.Flag(value) }),
        Session("LocalDiscovery", "BOOL", "Whether peers are looked for on the local networks.", "true",
            static (session, value) => session with { LocalDiscovery = Values.Flag(value) }),
        Session("PortMapping", "BOOL", "Whether the router is asked to let peers through to the port.", "true",
            static (session, value) => session with { PortMapping = Values.Flag(value) }),
        Session("Proxy", "URL",
            "The proxy through which peers, trackers, web seeds and the DHT are reached: socks5://USER:PASSWORD@HOST:PORT or "
            + "http://HOST:PORT.", "none", static (session, value) => session with { Proxy = Values.Proxy(value) }),
        new("ProxyFor", "peers|trackers|webseeds|dht", "What goes through the proxy, one or more of these; the rest goes directly.",
            "everything")
        {
            IsList = true,
            Apply = static (options, values) => options with { Session = options.Session with { Proxy = options.Session.Proxy is { } proxy
                ? proxy with { Uses = Values.ProxyUses(values) }
                : throw new FormatException("says what a proxy is used for, and there is none: set Proxy") } },
        },
        Session("Blocklist", "FILE", "A file of addresses to block; it is read again when it changes.", "none",
            static (session, value) => session with { Blocklist = Values.ExistingFile(value) }),
        Session("Utp", "on|off|only", "Whether peers are connected to over uTP: beside TCP, not at all, or alone.", "on",
            static (session, value) => session with { Utp = Values.Utp(value) }),
        Session("Encryption", "disabled|allowed|preferred|required",
            "Whether connections with peers are encrypted: never, with peers that require it, wherever a peer can, or always.", "allowed",
            static (session, value) => session with { Encryption = Values.Encryption(value) }),
        Session("CheckpointInterval", "SECONDS", "How often verified pieces are recorded.", "30",
            static (session, value) => session with { CheckpointInterval = TimeSpan.FromSeconds(Values.Number(value, 1, 3_600)) }),
        Session("Preallocation", "sparse|full", "How disk space is taken: as data arrives, or all at the start.", "sparse",
            static (session, value) => session with { Preallocation = Values.Preallocation(value) }),
        Session("DiskThreads", "N", "Threads that write and hash.", "one for each processor, four at the most",
            static (session, value) => session with { DiskThreads = Values.Number(value, 1, 64) }),
        Session("BlockPoolSize", "SIZE", "The most memory for payload on its way to disk.", "16MiB",
            static (session, value) => session with { BlockPoolSize =
                Values.Size(value, ByteSize.FromMiB(1), ByteSize.FromMiB(16 * 1024)) }),
    ];

    private static IEnumerable<Setting> OfLimits() =>
    [
        Session("MaxDownloadRate", "RATE", "The most payload received per second, all torrents together; 0 is no limit.", "0",
            static (session, value) => session with { MaxDownloadRate = Values.Rate(value) }),
        Session("MaxUploadRate", "RATE", "The most payload sent per second, all torrents together; 0 is no limit.", "0",
            static (session, value) => session with { MaxUploadRate = Values.Rate(value) }),
        One("AlternativeMaxDownloadRate", "RATE", "The same while the alternative limits are in force.", "1MiB/s",
            static (options, value) => options with { AlternativeMaxDownloadRate = Values.Rate(value) }),
        One("AlternativeMaxUploadRate", "RATE", "The same while the alternative limits are in force.", "256KiB/s",
            static (options, value) => options with { AlternativeMaxUploadRate = Values.Rate(value) }),
        new("Schedule", "DAYS FROM-TO [down=RATE] [up=RATE]",
            "Limits for some hours of the week instead of the usual ones, such as `mon-fri 08:00-18:00 down=1MiB/s up=100kB/s`; a rate "
            + "that is not named keeps its usual limit, and 0 is no limit. The first that applies is used.", "none")
        {
            IsList = true,
            Apply = static (options, values) => options with { Session = options.Session with { Schedule = Values.Schedule(values) } },
        },
        Session("LocalMaxDownloadRate", "RATE",
            "The most received per second from peers on the local network, to which the other limits then do not apply; 0 is no limit.",
            "as for all others", static (session, value) => session with { LocalNetwork =
                (session.LocalNetwork ?? new LocalNetworkOptions()) with { MaxDownloadRate = Values.Rate(value) } }),
        Session("LocalMaxUploadRate", "RATE", "The most sent per second to peers on the local network, likewise.", "as for all others",
            static (session, value) => session with { LocalNetwork =
                (session.LocalNetwork ?? new LocalNetworkOptions()) with { MaxUploadRate = Values.Rate(value) } }),
        Session("MaxConnections", "N", "The most connected peers, all torrents together.", "500",
            static (session, value) => session with { MaxConnections = Values.Number(value, 2, 65_535) }),
        Session("MaxHalfOpen", "N", "The most connections that are being made at once.", "50",
            static (session, value) => session with { MaxHalfOpen = Values.Number(value, 1, 1_000) }),
        Session("MaxOpenFiles", "N", "The most files open at once.", "256",
            static (session, value) => session with { MaxOpenFiles = Values.Number(value, 8, 100_000) }),
    ];

    private static IEnumerable<Setting> OfQueue() =>
    [
        Queue("MaxActiveDownloads", "N", "Torrents that download at once; the others wait for their turn. 0 is no limit.", "5",
            static (queue, value) => queue with { MaxActiveDownloads = Values.Limit(value, 100_000) }),
        Queue("MaxActiveSeeds", "N", "Torrents that seed at once; 0 is no limit.", "20",
            static (queue, value) => queue with { MaxActiveSeeds = Values.Limit(value, 100_000) }),
        Queue("MaxActive", "N", "Torrents that do either at once; 0 is no limit.", "0",
            static (queue, value) => queue with { MaxActive = Values.Limit(value, 100_000) }),
        Queue("MaxChecks", "N", "Torrents that are checked at once; 0 is one for each of `DiskThreads`.", "0",
            static (queue, value) => queue with { MaxChecks = Values.Limit(value, 64) }),
        Queue("IgnoreSlow", "BOOL", "Whether slow torrents do not count among those that download or seed.", "true",
            static (queue, value) => queue with { IgnoreSlow = Values.Flag(value) ? queue.IgnoreSlow ?? new SlowTorrents() : null }),
    ];

    private static IEnumerable<Setting> OfSeeding() =>
    [
        Seeding("SeedRatio", "NUMBER", "Bytes sent for each byte received, after which a torrent has seeded enough; 0 is no limit.", "0",
            static (limits, value) => limits with { Ratio = Values.Ratio(value) }),
        Seeding("SeedTime", "SECONDS", "Seeding time after which a torrent has seeded enough; 0 is no limit.", "0",
            static (limits, value) => limits with { SeedTime = Values.Seconds(value, 1) }),
        Seeding("SeedIdleTime", "SECONDS", "Seeding time without sending anything after which it has, 60 or more; 0 is no limit.", "0",
            static (limits, value) => limits with { IdleTime = Values.Seconds(value, 60) }),
        Seeding("SeedEnd", "stop|remove|remove-with-files", "What happens to it then.", "stop",
            static (limits, value) => limits with { Then = Values.SeedEnd(value) }),
    ];

    private static Setting Queue(
        string name, string valueName, string meaning, string @default, Func<QueueOptions, string, QueueOptions> apply) =>
        Session(name, valueName, meaning, @default, (session, value) => session with { Queue = apply(session.Queue, value) });

    private static Setting Seeding(
        string name, string valueName, string meaning, string @default, Func<SeedLimits, string, SeedLimits> apply) =>
        Session(name, valueName, meaning, @default, (session, value) => session with { SeedLimits = apply(session.SeedLimits, value) });

    private static Setting List(
        string name, string valueName, string meaning, string @default, Func<DaemonOptions, IReadOnlyList<string>, DaemonOptions> apply) =>
        new(name, valueName, meaning, @default) { IsList = true, Apply = apply };

    private static Setting One(
        string name, string valueName, string meaning, string @default, Func<DaemonOptions, string, DaemonOptions> apply) =>
        new(name, valueName, meaning, @default) { Apply = (options, values) => apply(options, values.Single()) };

    private static Setting Session(
        string name, string valueName, string meaning, string @default, Func<SessionOptions, string, SessionOptions> apply) =>
        One(name, valueName, meaning, @default, (options, value) => options with { Session = apply(options.Session, value) });
}
