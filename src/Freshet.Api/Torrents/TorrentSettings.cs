namespace Freshet.Api;

/// <summary>The settings of one torrent.</summary>
public sealed record TorrentSettings
{
    /// <summary>Whether pieces are fetched in order.</summary>
    public required bool Sequential { get; init; }

    /// <summary>Whether the ends of files are fetched first.</summary>
    public required bool FirstAndLastFirst { get; init; }

    /// <summary>Payload bytes per second; 0 is no limit.</summary>
    public required long MaxDownloadRate { get; init; }

    /// <summary>Payload bytes per second; 0 is no limit.</summary>
    public required long MaxUploadRate { get; init; }

    /// <summary>Payload bytes per second from each of its peers, 1,024 or more; 0 is no limit.</summary>
    public required long MaxPeerDownloadRate { get; init; }

    /// <summary>Payload bytes per second to each of its peers, 1,024 or more; 0 is no limit.</summary>
    public required long MaxPeerUploadRate { get; init; }

    /// <summary>Whether it is active without waiting for its turn, and without being counted.</summary>
    public required bool ForceStart { get; init; }

    /// <summary>Whether it has limits of seeding of its own; the following four are those, or else those of the session.</summary>
    public required bool OwnSeedLimits { get; init; }

    /// <summary>Bytes sent for each byte received, after which it has seeded enough; 0 is no limit.</summary>
    public required double SeedRatio { get; init; }

    /// <summary>Seconds of seeding after which it has; 0 is no limit.</summary>
    public required long SeedTime { get; init; }

    /// <summary>Seconds of seeding without sending anything after which it has, 60 or more; 0 is no limit.</summary>
    public required long SeedIdleTime { get; init; }

    /// <summary>What becomes of it then.</summary>
    public required SeedEndCode SeedEnd { get; init; }

    /// <summary>The most connected peers.</summary>
    public required int MaxPeers { get; init; }

    /// <summary>Peers that are uploaded to at once; 0 is as many as the upload rate allows.</summary>
    public required int UploadSlots { get; init; }

    /// <summary>Whether its trackers are asked for peers.</summary>
    public required bool UseTrackers { get; init; }

    /// <summary>Whether it has trackers of its own, instead of those that the .torrent or the link names.</summary>
    public required bool OwnTrackers { get; init; }

    /// <summary>When, as a seed, it gives each peer only pieces that nobody else has.</summary>
    public required SuperSeedCode SuperSeed { get; init; }

    /// <summary>Which peers it uploads to as a seed.</summary>
    public required SeedChokingCode SeedChoking { get; init; }
}
