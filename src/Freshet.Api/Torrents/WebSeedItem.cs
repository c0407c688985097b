namespace Freshet.Api;

/// <summary>A web seed of a torrent (BEP 19): an HTTP server that has its files.</summary>
public sealed record WebSeedItem
{
    /// <summary>Its URL, with **** in place of what may be a key.</summary>
    public required string Url { get; init; }

    /// <summary>Its state.</summary>
    public required WebSeedStateCode State { get; init; }

    /// <summary>Why it failed last, in words; null if it did not, or has served since.</summary>
    public required string? Message { get; init; }

    /// <summary>When it is asked again, while it rests; else null.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    /// <summary>HTTP requests under way.</summary>
    public required int Requests { get; init; }

    /// <summary>The part of the pieces that it can give, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Payload bytes received in this run.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Payload bytes received per second.</summary>
    public required long DownloadRate { get; init; }
}
