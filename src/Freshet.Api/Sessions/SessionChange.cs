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

    /// <summary>Whether peers are connected to over uTP. From the next start on.</summary>
    public UtpCode? Utp { get; init; }

    /// <summary>Whether connections with peers are encrypted. From the next start on.</summary>
    public EncryptionCode? Encryption { get; init; }
}
