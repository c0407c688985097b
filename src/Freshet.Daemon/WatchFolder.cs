using System.Collections.Immutable;

namespace Freshet.Daemon;

/// <summary>A folder that .torrent and .magnet files are dropped into to be added, and what is to become of them.</summary>
/// <param name="Path">The folder.</param>
public sealed record WatchFolder(string Path)
{
    /// <summary>Where the torrents' files go. Null, the default, is the session's download folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Labels of the torrents. Default: none.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The category of the torrents. Null, the default, is none.</summary>
    public string? Category { get; init; }

    /// <summary>Whether they are started. Default: yes.</summary>
    public bool Start { get; init; } = true;
}
