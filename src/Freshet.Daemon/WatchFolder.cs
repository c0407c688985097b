using System.Collections.Immutable;

namespace Freshet.Daemon;

/// <summary>A folder from which .torrent and .magnet files are added, and the options of those torrents.</summary>
/// <param name="Path">The folder.</param>
public sealed record WatchFolder(string Path)
{
    /// <summary>The torrents' download folder. Null, the default, means the session's.</summary>
    public string? Folder { get; init; }

    /// <summary>The torrents' labels. Default: none.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The torrents' category. Null, the default, means none.</summary>
    public string? Category { get; init; }

    /// <summary>Whether the torrents are started. Default: true.</summary>
    public bool Start { get; init; } = true;
}
