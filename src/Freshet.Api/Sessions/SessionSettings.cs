namespace Freshet.Api;

/// <summary>The settings of the session that can be changed while it runs, and those that hold from its next start on.</summary>
public sealed record SessionSettings
{
    /// <summary>Where torrents go that do not say otherwise.</summary>
    public required string DownloadFolder { get; init; }

    /// <summary>Payload bytes per second, all torrents together, 1,024 or more; 0 is no limit.</summary>
    public required long MaxDownloadRate { get; init; }

    /// <summary>Payload bytes per second, all torrents together, 1,024 or more; 0 is no limit.</summary>
    public required long MaxUploadRate { get; init; }

    /// <summary>The same while the alternative limits are in force.</summary>
    public required long AlternativeMaxDownloadRate { get; init; }

    /// <summary>The same while the alternative limits are in force.</summary>
    public required long AlternativeMaxUploadRate { get; init; }

    /// <summary>Whether the alternative limits are in force.</summary>
    public required bool AlternativeLimits { get; init; }

    /// <summary>The most connected peers, all torrents together, 2 to 65,535.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Seconds between records of what was verified, 1 to 3,600.</summary>
    public required int CheckpointInterval { get; init; }

    /// <summary>How disk space is taken.</summary>
    public required PreallocationCode Preallocation { get; init; }

    /// <summary>Torrents that download at once, 0 to 100,000; 0 is no limit. The others wait for their turn.</summary>
    public required int MaxActiveDownloads { get; init; }

    /// <summary>Torrents that seed at once, 0 to 100,000; 0 is no limit.</summary>
    public required int MaxActiveSeeds { get; init; }

    /// <summary>Torrents that do either at once, 0 to 100,000; 0 is no limit. Downloads have their turns first.</summary>
    public required int MaxActive { get; init; }

    /// <summary>Torrents that are checked at once, 0 to 64; 0 is one for each thread that hashes.</summary>
    public required int MaxChecks { get; init; }

    /// <summary>Whether slow torrents do not count among those that download or seed, so that the next has its turn too.</summary>
    public required bool IgnoreSlow { get; init; }

    /// <summary>Payload bytes per second below which a torrent is slow, 1 or more.</summary>
    public required long SlowRate { get; init; }

    /// <summary>Seconds that it must have been below, to count as slow, or above, to count again: 1 to 86,400.</summary>
    public required int SlowTime { get; init; }

    /// <summary>Bytes sent for each byte received, after which a torrent has seeded enough; 0 is no limit.</summary>
    public required double SeedRatio { get; init; }

    /// <summary>Seconds of seeding after which it has; 0 is no limit.</summary>
    public required long SeedTime { get; init; }

    /// <summary>Seconds of seeding without sending anything after which it has, 60 or more; 0 is no limit.</summary>
    public required long SeedIdleTime { get; init; }

    /// <summary>What becomes of it then.</summary>
    public required SeedEndCode SeedEnd { get; init; }

    /// <summary>
    /// Limits for some hours of the week, at most 50; the first that holds counts. The alternative limits come before them.
    /// </summary>
    public required IReadOnlyList<ScheduledLimit> Schedule { get; init; }

    /// <summary>Whether peers on the local network have limits of their own instead of the others.</summary>
    public required bool SeparateLocalLimits { get; init; }

    /// <summary>Those: payload bytes received per second, 1,024 or more; 0 is no limit.</summary>
    public required long LocalMaxDownloadRate { get; init; }

    /// <summary>Those: payload bytes sent per second, 1,024 or more; 0 is no limit.</summary>
    public required long LocalMaxUploadRate { get; init; }

    /// <summary>Where the files of torrents that are added are until they are complete; empty is where they belong.</summary>
    public required string IncompleteFolder { get; init; }

    /// <summary>A file with addresses to exchange nothing with; empty is none. It is read again when it changes.</summary>
    public required string Blocklist { get; init; }

    /// <summary>The port for peers; 0 lets the system choose.</summary>
    public required int ListenPort { get; init; }

    /// <summary>The one address or network interface of the server that traffic with peers and trackers uses; empty is every one.</summary>
    public required string Bind { get; init; }

    /// <summary>Whether it takes part in the DHT.</summary>
    public required bool Dht { get; init; }

    /// <summary>Whether peers are looked for on the local networks.</summary>
    public required bool LocalDiscovery { get; init; }

    /// <summary>Whether the router is asked to let peers through to the port.</summary>
    public required bool PortMapping { get; init; }

    /// <summary>
    /// The URL of the proxy by which alone others are reached, socks5://… or http://…; empty is none. User and password are left
    /// out.
    /// </summary>
    public required string Proxy { get; init; }

    /// <summary>What the proxy is used for; the rest is sent directly. Without a proxy it means nothing.</summary>
    public required IReadOnlyList<ProxyUseCode> ProxyFor { get; init; }

    /// <summary>Whether peers are connected to over uTP.</summary>
    public required UtpCode Utp { get; init; }

    /// <summary>Whether connections with peers are encrypted.</summary>
    public required EncryptionCode Encryption { get; init; }

    /// <summary>The names of settings here that hold only after the daemon has been restarted.</summary>
    public required IReadOnlyList<string> AwaitingRestart { get; init; }
}
