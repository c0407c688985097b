namespace Freshet.Api;

/// <summary>Another path for a file.</summary>
public sealed record FileRename
{
    /// <summary>Its new path below the torrent's folder, with / between elements.</summary>
    public required string Path { get; init; }
}
