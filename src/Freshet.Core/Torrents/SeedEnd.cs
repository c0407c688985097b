namespace Freshet.Core.Torrents;

/// <summary>What happens to a torrent that has reached a seed limit.</summary>
public enum SeedEnd
{
    /// <summary>The torrent is stopped.</summary>
    Stop,

    /// <summary>The torrent is removed from the session; its files stay.</summary>
    Remove,

    /// <summary>The torrent is removed from the session and its files are deleted.</summary>
    RemoveWithFiles,
}
