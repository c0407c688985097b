namespace Freshet.Api;

/// <summary>New settings of the session. What is null stays as it is.</summary>
public sealed record SessionChange
{
    /// <summary>Where torrents go that do not say otherwise.</summary>
    public string? DownloadFolder { get; init; }

    /// <summary>Payload bytes per second, all torrents together, 1,024 or more; 0 is no limit.</summary>
    public long? MaxDownloadRate { get; init; }

    /// <summary>Payload bytes per second, all torrents together, 1,024 or more; 0 is no limit.</summary>
    public long? MaxUploadRate { get; init; }

    /// <summary>The same while the alternative limits are in force.</summary>
    public long? AlternativeMaxDownloadRate { get; init; }

    /// <summary>The same while the alternative limits are in force.</summary>
    public long? AlternativeMaxUploadRate { get; init; }

    /// <summary>Whether the alternative limits are in force.</summary>
    public bool? AlternativeLimits { get; init; }

    /// <summary>The most connected peers, all torrents together, 2 to 65,535.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Seconds between records of what was verified, 1 to 3,600.</summary>
    public int? CheckpointInterval { get; init; }

    /// <summary>How disk space is taken.</summary>
    public PreallocationCode? Preallocation { get; init; }

    /// <summary>Torrents that download at once, 0 to 100,000; 0 is no limit. The others wait for their turn.</summary>
    public int? MaxActiveDownloads { get; init; }

    /// <summary>Torrents that seed at once, 0 to 100,000; 0 is no limit.</summary>
    public int? MaxActiveSeeds { get; init; }

    /// <summary>Torrents that do either at once, 0 to 100,000; 0 is no limit. Downloads have their turns first.</summary>
    public int? MaxActive { get; init; }

    /// <summary>Torrents that are checked at once, 0 to 64; 0 is one for each thread that hashes.</summary>
    public int? MaxChecks { get; init; }

    /// <summary>Whether slow torrents do not count among those that download or seed, so that the next has its turn too.</summary>
    public bool? IgnoreSlow { get; init; }

    /// <summary>Payload bytes per second below which a torrent is slow, 1 or more.</summary>
    public long? SlowRate { get; init; }

    /// <summary>Seconds that it must have been below, to count as slow, or above, to count again: 1 to 86,400.</summary>
    public int? SlowTime { get; init; }

    /// <summary>Bytes sent for each byte received, after which a torrent has seeded enough; 0 is no limit.</summary>
    public double? SeedRatio { get; init; }

    /// <summary>Seconds of seeding after which it has; 0 is no limit.</summary>
    public long? SeedTime { get; init; }

    /// <summary>Seconds of seeding without sending anything after which it has, 60 or more; 0 is no limit.</summary>
    public long? SeedIdleTime { get; init; }

    /// <summary>What becomes of it then.</summary>
    public SeedEndCode? SeedEnd { get; init; }

    /// <summary>
    /// Limits for some hours of the week, at most 50; the first that holds counts. The alternative limits come before them.
    /// </summary>
    public IReadOnlyList<ScheduledLimit>? Schedule { get; init; }

    /// <summary>Whether peers on the local network have limits of their own instead of the others.</summary>
    public bool? SeparateLocalLimits { get; init; }

    /// <summary>Those: payload bytes received per second, 1,024 or more; 0 is no limit.</summary>
    public long? LocalMaxDownloadRate { get; init; }

    /// <summary>Those: payload bytes sent per second, 1,024 or more; 0 is no limit.</summary>
    public long? LocalMaxUploadRate { get; init; }

    /// <summary>Where the files of torrents that are added are until they are complete; empty is where they belong.</summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>A file with addresses to exchange nothing with; empty is none. It is read again when it changes.</summary>
    public string? Blocklist { get; init; }

    /// <summary>The port for peers, 0 to 65,535; 0 lets the system choose. From the next start on.</summary>
    public int? ListenPort { get; init; }

    /// <summary>
    /// The one address or network interface of the server that traffic with peers and trackers uses; empty is every one. From the next
    /// start on.
    /// </summary>
    public string? Bind { get; init; }

    /// <summary>Whether it takes part in the DHT. From the next start on.</summary>
    public bool? Dht { get; init; }

    /// <summary>Whether peers are looked for on the local networks. From the next start on.</summary>
    public bool? LocalDiscovery { get; init; }

    /// <summary>Whether the router is asked to let peers through to the port. From the next start on.</summary>
    public bool? PortMapping { get; init; }

    /// <summary>
    /// The URL of the proxy by which alone others are reached, socks5://… or http://…; empty is none. From the next start on.
    /// </summary>
    public string? Proxy { get; init; }

    /// <summary>What the proxy is used for, at least one; the rest is sent directly. From the next start on.</summary>
    public IReadOnlyList<ProxyUseCode>? ProxyFor { get; init; }

    /// <summary>Whether peers are connected to over uTP. From the next start on.</summary>
    public UtpCode? Utp { get; init; }

    /// <summary>Whether connections with peers are encrypted. From the next start on.</summary>
    public EncryptionCode? Encryption { get; init; }
}
