namespace Freshet.Core.Torrents;

/// <summary>Which limit makes a torrent wait in the queue.</summary>
internal enum QueueLimit
{
    /// <summary>The limit of downloading torrents.</summary>
    Downloads,

    /// <summary>The limit of seeding torrents.</summary>
    Seeds,

    /// <summary>The limit of active torrents of both kinds.</summary>
    Active,

    /// <summary>The limit of torrents whose files are being checked.</summary>
    Checks,
}
