namespace Freshet.Core.Torrents;

/// <summary>Of what there are too many at once for another torrent.</summary>
internal enum QueueLimit
{
    /// <summary>Torrents that download.</summary>
    Downloads,

    /// <summary>Torrents that seed.</summary>
    Seeds,

    /// <summary>Torrents that do either.</summary>
    Active,

    /// <summary>Torrents whose files are being checked.</summary>
    Checks,
}
