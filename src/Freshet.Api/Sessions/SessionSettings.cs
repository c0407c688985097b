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

    /// <summary>The port for peers; 0 lets the system choose.</summary>
    public required int ListenPort { get; init; }

    /// <summary>The one address or network interface of the server that traffic with peers and trackers uses; empty is every one.</summary>
    public required string Bind { get; init; }

    /// <summary>Whether it takes part in the DHT.</summary>
    public required bool Dht { get; init; }

    /// <summary>Whether peers are looked for on the local networks.</summary>
    public required bool LocalDiscovery { get; init; }

    /// <summary>Whether peers are connected to over uTP.</summary>
    public required UtpCode Utp { get; init; }

    /// <summary>Whether connections with peers are encrypted.</summary>
    public required EncryptionCode Encryption { get; init; }

    /// <summary>The names of settings here that hold only after the daemon has been restarted.</summary>
    public required IReadOnlyList<string> AwaitingRestart { get; init; }
}
