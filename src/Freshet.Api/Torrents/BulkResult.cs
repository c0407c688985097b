namespace Freshet.Api;

/// <summary>What came of an action on several torrents.</summary>
public sealed record BulkResult
{
    /// <summary>How many succeeded.</summary>
    public required int Done { get; init; }

    /// <summary>Those that did not.</summary>
    public required IReadOnlyList<BulkFailure> Failures { get; init; }
}
