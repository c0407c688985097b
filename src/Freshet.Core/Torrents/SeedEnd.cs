namespace Freshet.Core.Torrents;

/// <summary>What becomes of a torrent that has seeded enough.</summary>
public enum SeedEnd
{
    /// <summary>It is stopped.</summary>
    Stop,

    /// <summary>It is removed from the session; its files stay.</summary>
    Remove,

    /// <summary>It is removed from the session, and its files are deleted.</summary>
    RemoveWithFiles,
}
