namespace Freshet.Api;

/// <summary>A folder on the server.</summary>
public sealed record FolderInfo
{
    /// <summary>Its absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The names of the folders in it, sorted, at most 1,000.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Free bytes; null if unknown.</summary>
    public required long? FreeSpace { get; init; }

    /// <summary>Bytes of the file system; null if unknown.</summary>
    public required long? TotalSpace { get; init; }
}
