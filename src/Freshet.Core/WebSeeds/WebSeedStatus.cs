using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.WebSeeds;

/// <summary>A web seed of a torrent (BEP 19) at one moment. Immutable.</summary>
public sealed record WebSeedStatus
{
    /// <summary>The URL as the torrent has it. It may hold a key that is the user's own; <see cref="MaskedUrl"/> does not.</summary>
    public required string Url { get; init; }

    /// <summary>The URL without what may be a key, fit for logs.</summary>
    public string MaskedUrl => TrackerUrl.Mask(Url);

    /// <summary>What it is about.</summary>
    public required WebSeedState State { get; init; }

    /// <summary>Why it failed last, in words; null if it did not, or has served since.</summary>
    public string? Message { get; init; }

    /// <summary>How long until it is asked again, while it rests; else null.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>HTTP requests under way.</summary>
    public int Requests { get; init; }

    /// <summary>Blocks that were requested of it and have not come.</summary>
    public int OutstandingRequests { get; init; }

    /// <summary>The part of the pieces that it can give, 0 to 1; less than 1 if it lacks files.</summary>
    public required double Progress { get; init; }

    /// <summary>Payload received from it in this run.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }
}
