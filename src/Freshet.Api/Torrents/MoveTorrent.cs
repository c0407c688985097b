namespace Freshet.Api;

/// <summary>Another folder for the files of a torrent.</summary>
public sealed record MoveTorrent
{
    /// <summary>The folder that is to hold its file or folder: absolute, or relative to the download folder.</summary>
    public required string Folder { get; init; }
}
