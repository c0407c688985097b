namespace Freshet;

/// <summary>What happens to a torrent's files when the torrent is removed.</summary>
public enum RemoveMode
{
    /// <summary>They stay where they are.</summary>
    KeepFiles,

    /// <summary>
    /// They are deleted, along with folders that this leaves empty. Two kinds of files stay: those that other torrents of the session store
    /// at the same path, and those that existed before the torrent and do not have all of its bytes.
    /// </summary>
    DeleteFiles,
}
