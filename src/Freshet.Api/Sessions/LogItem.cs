namespace Freshet.Api;

/// <summary>An entry of the log.</summary>
public sealed record LogItem
{
    /// <summary>Its number; they ascend.</summary>
    public required long Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How important it is.</summary>
    public required LogLevelCode Level { get; init; }

    /// <summary>What kind of event it is, a code.</summary>
    public required string Event { get; init; }

    /// <summary>The torrent that it is about, or null.</summary>
    public required string? Hash { get; init; }

    /// <summary>In words.</summary>
    public required string Message { get; init; }
}
