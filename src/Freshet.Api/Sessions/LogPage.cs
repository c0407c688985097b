namespace Freshet.Api;

/// <summary>A part of the log.</summary>
public sealed record LogPage
{
    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<LogItem> Entries { get; init; }

    /// <summary>What to ask for with "after" next time.</summary>
    public required long Next { get; init; }
}
