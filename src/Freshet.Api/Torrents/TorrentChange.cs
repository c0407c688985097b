namespace Freshet.Api;

/// <summary>New settings of a torrent. What is null stays as it is.</summary>
public sealed record TorrentChange
{
    /// <summary>All its labels, at most 32 of at most 64 characters, without commas.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Labels to add.</summary>
    public IReadOnlyList<string>? AddLabels { get; init; }

    /// <summary>Labels to remove.</summary>
    public IReadOnlyList<string>? RemoveLabels { get; init; }

    /// <summary>Its category; empty removes it.</summary>
    public string? Category { get; init; }

    /// <summary>Whether pieces are fetched in order.</summary>
    public bool? Sequential { get; init; }

    /// <summary>Whether the ends of files are fetched first, as players need them.</summary>
    public bool? FirstAndLastFirst { get; init; }

    /// <summary>Payload bytes per second, 1,024 or more; 0 is no limit.</summary>
    public long? MaxDownloadRate { get; init; }

    /// <summary>Payload bytes per second, 1,024 or more; 0 is no limit.</summary>
    public long? MaxUploadRate { get; init; }

    /// <summary>Payload bytes per second from each of its peers, 1,024 or more; 0 is no limit.</summary>
    public long? MaxPeerDownloadRate { get; init; }

    /// <summary>Payload bytes per second to each of its peers, 1,024 or more; 0 is no limit.</summary>
    public long? MaxPeerUploadRate { get; init; }

    /// <summary>Whether it is active without waiting for its turn, and without being counted.</summary>
    public bool? ForceStart { get; init; }

    /// <summary>Whether it has limits of seeding of its own; true when one of the following four is given.</summary>
    public bool? OwnSeedLimits { get; init; }

    /// <summary>Bytes sent for each byte received, after which it has seeded enough; 0 is no limit.</summary>
    public double? SeedRatio { get; init; }

    /// <summary>Seconds of seeding after which it has; 0 is no limit.</summary>
    public long? SeedTime { get; init; }

    /// <summary>Seconds of seeding without sending anything after which it has, 60 or more; 0 is no limit.</summary>
    public long? SeedIdleTime { get; init; }

    /// <summary>What becomes of it then.</summary>
    public SeedEndCode? SeedEnd { get; init; }

    /// <summary>The most connected peers, 1 to 10,000.</summary>
    public int? MaxPeers { get; init; }

    /// <summary>Peers that are uploaded to at once, 1 to 1,000; 0 is as many as the upload rate allows.</summary>
    public int? UploadSlots { get; init; }

    /// <summary>Whether its trackers are asked for peers.</summary>
    public bool? UseTrackers { get; init; }

    /// <summary>
    /// Its trackers by tier (BEP 12), instead of those that the .torrent or the link names: http, https and udp URLs, at most 200.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>>? Trackers { get; init; }

    /// <summary>False gives it the trackers that the .torrent or the link names again; true when trackers are given.</summary>
    public bool? OwnTrackers { get; init; }

    /// <summary>When, as a seed, it gives each peer only pieces that nobody else has.</summary>
    public SuperSeedCode? SuperSeed { get; init; }

    /// <summary>Which peers it uploads to as a seed.</summary>
    public SeedChokingCode? SeedChoking { get; init; }
}
