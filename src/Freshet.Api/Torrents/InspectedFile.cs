namespace Freshet.Api;

/// <summary>A file that a .torrent names.</summary>
public sealed record InspectedFile
{
    /// <summary>Its place in the torrent, padding files counted.</summary>
    public required int Index { get; init; }

    /// <summary>Its path in the torrent, with / between elements.</summary>
    public required string Path { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Size { get; init; }
}
