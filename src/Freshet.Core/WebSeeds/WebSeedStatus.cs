using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.WebSeeds;

/// <summary>A snapshot of a torrent's web seed (BEP 19). Immutable.</summary>
public sealed record WebSeedStatus
{
    /// <summary>The URL as given in the torrent. It may contain a personal key; <see cref="MaskedUrl"/> does not.</summary>
    public required string Url { get; init; }

    /// <summary>The URL without anything that may be a key, safe for logs.</summary>
    public string MaskedUrl => TrackerUrl.Mask(Url);

    /// <summary>The state of the web seed.</summary>
    public required WebSeedState State { get; init; }

    /// <summary>Why it failed most recently, as text; null if it has not failed, or has served since.</summary>
    public string? Message { get; init; }

    /// <summary>The time until it is used again while resting; otherwise null.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>The number of consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary>HTTP requests in progress.</summary>
    public int Requests { get; init; }

    /// <summary>Blocks requested from it that have not arrived.</summary>
    public int OutstandingRequests { get; init; }

    /// <summary>The share of the pieces that it can supply, 0 to 1; less than 1 if it lacks files.</summary>
    public required double Progress { get; init; }

    /// <summary>Payload received from it in this run.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }
}
