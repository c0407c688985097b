namespace Freshet.Api;

/// <summary>A torrent for which an action failed.</summary>
public sealed record BulkFailure
{
    /// <summary>Which.</summary>
    public required string Hash { get; init; }

    /// <summary>The code that a single request would have got.</summary>
    public required string Code { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Detail { get; init; }
}
