namespace Freshet.Api;

/// <summary>Another name, or place, for a folder of a torrent's files.</summary>
public sealed record FolderRename
{
    /// <summary>The folder, below the torrent's folder, with / between elements.</summary>
    public required string Folder { get; init; }

    /// <summary>Its new path, likewise.</summary>
    public required string Path { get; init; }
}
