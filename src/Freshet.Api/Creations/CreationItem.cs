namespace Freshet.Api;

/// <summary>A torrent that is being made or was.</summary>
public sealed record CreationItem
{
    /// <summary>Names it in requests.</summary>
    public required string Id { get; init; }

    /// <summary>The file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>How it stands.</summary>
    public required CreationStateCode State { get; init; }

    /// <summary>Bytes hashed.</summary>
    public required long Done { get; init; }

    /// <summary>Bytes to hash.</summary>
    public required long Total { get; init; }

    /// <summary>Its info-hash once it is made, or null.</summary>
    public required string? Hash { get; init; }

    /// <summary>Why it failed, in words, or null.</summary>
    public required string? Error { get; init; }

    /// <summary>What was left out of it, and why, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
