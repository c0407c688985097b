namespace Freshet;

/// <summary>What becomes of a torrent's files when it is removed.</summary>
public enum RemoveMode
{
    /// <summary>They stay where they are.</summary>
    KeepFiles,

    /// <summary>
    /// They are deleted, and folders that are empty then; what others put there stays: files that other torrents of the session store at
    /// the same path, and files that were there before the torrent and do not have all of its bytes.
    /// </summary>
    DeleteFiles,
}
