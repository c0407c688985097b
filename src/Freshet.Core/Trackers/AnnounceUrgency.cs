namespace Freshet.Core.Trackers;

/// <summary>Which announces to one tracker go first.</summary>
internal enum AnnounceUrgency
{
    /// <summary>A stopped event: the torrent, and mostly the session, waits for it to end. These are not spread over time.</summary>
    Farewell,

    /// <summary>Of a torrent that lacks something.</summary>
    Downloading,

    /// <summary>Of a complete torrent.</summary>
    Seeding,
}
