namespace Freshet.Api;

/// <summary>What the session has done.</summary>
public sealed record SessionStatistics
{
    /// <summary>Seconds since the start.</summary>
    public required long Uptime { get; init; }

    /// <summary>Payload bytes received since the start.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Payload bytes sent since the start.</summary>
    public required long Uploaded { get; init; }

    /// <summary>Payload bytes received for nothing since the start.</summary>
    public required long Wasted { get; init; }

    /// <summary>Payload bytes received in all runs, of the torrents that are here.</summary>
    public required long TotalDownloaded { get; init; }

    /// <summary>Payload bytes sent in all runs, of the torrents that are here.</summary>
    public required long TotalUploaded { get; init; }

    /// <summary>The second of these divided by the first; null if nothing was downloaded.</summary>
    public required double? Ratio { get; init; }

    /// <summary>Seconds that the torrents were running, added up.</summary>
    public required long ActiveTime { get; init; }

    /// <summary>Bytes of memory that the process uses.</summary>
    public required long Memory { get; init; }
}
