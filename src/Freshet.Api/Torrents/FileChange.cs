namespace Freshet.Api;

/// <summary>A priority for some files of a torrent.</summary>
public sealed record FileChange
{
    /// <summary>Their indexes; null means all files.</summary>
    public IReadOnlyList<int>? Files { get; init; }

    /// <summary>How much they are wanted.</summary>
    public required PriorityCode Priority { get; init; }
}
