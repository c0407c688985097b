namespace Freshet.Api;

/// <summary>What came of an action on several torrents.</summary>
public sealed record BulkResult
{
    /// <summary>How many succeeded.</summary>
    public required int Done { get; init; }

    /// <summary>How many go on in the background, since their disk or their tracker takes long.</summary>
    public required int Pending { get; init; }

    /// <summary>Those that did not.</summary>
    public required IReadOnlyList<BulkFailure> Failures { get; init; }
}
